// A sweep file as the core takes it: parsed, checked and expanded before it enters the mailbox.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/sweep/sweep.h"

namespace plasa::coordinator {

struct Submission {
  SweepSpec spec;
  std::string sweep_id;
  std::vector<TrialSpec> trials;
};

// Pure and possibly slow (many cells): called on the caller's thread. INVALID_ARGUMENT says where the file is wrong.
[[nodiscard]] absl::StatusOr<Submission> PrepareSubmission(const std::string& text);

}  // namespace plasa::coordinator
