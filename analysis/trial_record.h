// What the analysis knows of a trial. Filled by whoever read it from a coordinator or a file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/value.h"

namespace plasa::analysis {

struct TrialRecord {
  std::string id;     // identity hash
  std::string label;  // the factors besides length and seed: "progressive_sparse"
  int64_t seq_len = 0;
  uint64_t seed = 0;
  Value::Object params;  // the seed may be among them
  bool succeeded = false;
  bool admitted = false;
  bool valid = true;
  std::vector<std::string> invalid_reasons;
  std::map<std::string, double> metrics;  // final values by name
};

// Metrics that depend on the machine and not on the experiment: never part of a canonical table.
[[nodiscard]] bool IsTiming(const std::string& metric);

}  // namespace plasa::analysis
