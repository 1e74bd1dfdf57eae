// Appends metric points to their series' blocks.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/series_block.h"
#include "coordinator/store/written.h"

namespace plasa::store {

// Appends points (name, point) of one attempt, in their order. Inside the writer's transaction.
[[nodiscard]] absl::StatusOr<PointCounts> AppendPoints(Queries& queries, uint64_t attempt,
                                                       const std::vector<std::pair<std::string, Point>>& points);

}  // namespace plasa::store
