// A sweep file as the core takes it: parsed, checked and expanded before it enters the mailbox.
#pragma once

#include <optional>
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

// Pure and possibly slow (many cells): called on the caller's thread. INVALID_ARGUMENT says where the file is wrong.
[[nodiscard]] absl::StatusOr<Submission> PrepareSubmission(const std::string& text);

}  // namespace plasa::coordinator
