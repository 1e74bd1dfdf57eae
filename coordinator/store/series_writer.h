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

namespace plasa::store {

// What became of appended points.
struct PointCounts {
  uint64_t ingested = 0;
  uint64_t duplicate = 0;    // the same step and value as the series' last point
  uint64_t conflicting = 0;  // a step that does not grow, or another value at the last step: not stored
};

// Appends points (name, point) of one attempt, in their order. Inside the writer's transaction.
[[nodiscard]] absl::StatusOr<PointCounts> AppendPoints(Queries& queries, uint64_t attempt,
                                                       const std::vector<std::pair<std::string, Point>>& points);

}  // namespace plasa::store
