// What the analysis knows of a trial. Filled by whoever read it from a coordinator or a file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/value.h"

namespace plasa::analysis {

// The metric under which the median step time of a run (seconds) stands in a TrialRecord.
inline constexpr char kTimePerStep[] = "time_per_step";

// What a layer did in the last evaluation.
struct LayerCount {
  int64_t keys = 0;      // k that counts for its windows
  int64_t selected = 0;  // (query, key) pairs of all windows
  int64_t future = 0;    // of them to later keys
};

struct TrialRecord {
  std::string id;     // identity hash
  std::string label;  // the factors besides length and seed: "progressive_sparse"
  int64_t seq_len = 0;
  uint64_t seed = 0;
  Value::Object params;  // the seed may be among them
  std::string trainer;
  Value data;          // as the sweep names it
  Value::Object cell;  // the factors that vary in its sweep
  bool ended = false;  // nothing more happens to it
  bool own = false;    // of the sweep that asks; GroupsOf says so
  bool succeeded = false;
  bool admitted = false;
  bool pruned = false;  // stopped early, because other cells did better
  bool valid = true;
  std::vector<std::string> invalid_reasons;
  std::map<std::string, double> metrics;  // final values by name
  std::map<std::string, double> halves;   // loss of the early and the late half of the positions, see below
  int64_t steps = 0;                      // of its run; 0 where its trainer does not say
  std::vector<LayerCount> layers;         // empty where the trainer says nothing of them
};

// Names in `halves`.
inline constexpr char kEarlyHalf[] = "val/loss of the early half";
inline constexpr char kLateHalf[] = "val/loss of the late half";

// Fills what follows from the trial's parameters, its cell and its accepted `result` event (empty where there is none):
// label, seq_len, and what the result says. Without final metrics in the result those that are there already stay.
void Describe(const Value::Object& result, TrialRecord* trial);

// A cell's label: the schedule's name, then the factors of the sweep beside it and the length as name=value;
// historical defects that are off are left out.
[[nodiscard]] std::string LabelOf(const Value::Object& cell, const Value::Object& params);

// Metrics that depend on the machine and not on the experiment: never part of a canonical table.
[[nodiscard]] bool IsTiming(const std::string& metric);

}  // namespace plasa::analysis
