// A sweep file as the core takes it: parsed, checked and expanded before it enters the mailbox.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/sweep/sweep.h"
#include "coordinator/core/model/records.h"

namespace plasa::coordinator {

struct Submission {
  SweepSpec spec;
  std::string sweep_id;
  std::vector<TrialSpec> trials;
  std::optional<DataPackage> data;  // where the sweep names an artifact; found by whoever holds the artifacts
};

// Trials of more seeds for a sweep that is there.
struct MoreSeeds {
  SweepSpec spec;
  std::vector<TrialSpec> trials;
};

// Pure and possibly slow (many cells): called on the caller's thread. INVALID_ARGUMENT says where the file is wrong.
[[nodiscard]] absl::StatusOr<Submission> PrepareSubmission(const std::string& text);

// The same for more seeds of a sweep, from its stored text; for `cells` (canonical JSON) alone where there are any.
[[nodiscard]] absl::StatusOr<MoreSeeds> PrepareMoreSeeds(const std::string& spec_json,
                                                         const std::vector<int64_t>& seeds,
                                                         const std::set<std::string>& cells);

}  // namespace plasa::coordinator
