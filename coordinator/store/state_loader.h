// Reads back what the core needs to go on after a start.
#pragma once

#include "absl/status/statusor.h"
#include "coordinator/core/state.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

// The state as the last commit left it. Steady times are zero: Core sets them. DATA_LOSS where rows contradict each
// other or speak of what is not there.
[[nodiscard]] absl::StatusOr<coordinator::State> LoadState(Queries& queries);

}  // namespace plasa::store
