// Makes the core's effects rows.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/core/model/effects.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/series_writer.h"

namespace plasa::store {

// What the rows said about what was written.
struct Written {
  PointCounts points;
  std::vector<std::string> unreferenced;  // digests of artifacts that no checkpoint names any more
  struct Conflict {
    std::string trial;
    uint64_t points = 0;
  };
  std::vector<Conflict> conflicts;
};

// Applies `writes` in order, inside the writer's transaction; adds to `written`.
[[nodiscard]] absl::Status ApplyWrites(const std::vector<coordinator::Write>& writes, Queries& queries,
                                       Written* written);

}  // namespace plasa::store
