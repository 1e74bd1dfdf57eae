// One sweep as a database of its own.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace plasa::store {

struct SweepCopySummary {
  std::string sweep;  // id
  int64_t trials = 0;
  int64_t points = 0;
};

// Copies the database of `state_dir` as it is at one moment to the new file `to` and takes out of the copy whatever is
// not of `sweep` (an id, a unique prefix, a name, or "last"): no tokens, no requests, no other sweep. A table `points`
// (trial, attempt, name, step, value, time) holds every visible point in the open. A coordinator that runs there is not
// held up.
//
// ALREADY_EXISTS when there is a `to`, NOT_FOUND without a database or without the sweep.
[[nodiscard]] absl::StatusOr<SweepCopySummary> CopySweep(const std::string& state_dir, const std::string& sweep,
                                                         const std::string& to);

}  // namespace plasa::store
