// Makes the core's effects rows.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "coordinator/core/model/effects.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/written.h"

namespace plasa::store {

// Applies `writes` in order, inside the writer's transaction; adds to `written`.
[[nodiscard]] absl::Status ApplyWrites(const std::vector<coordinator::Write>& writes, Queries& queries,
                                       Written* written);

}  // namespace plasa::store
