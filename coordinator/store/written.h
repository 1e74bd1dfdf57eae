// What the rows had to say when they were written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/core/model/records.h"

namespace plasa::store {

// What became of appended points.
struct PointCounts {
  uint64_t ingested = 0;
  uint64_t duplicate = 0;    // the same step and value as the series' last point
  uint64_t conflicting = 0;  // a step that does not grow, or another value at the last step: not stored
};

struct Written {
  PointCounts points;
  std::vector<std::string> unreferenced;  // digests of artifacts that no checkpoint names any more
  struct Conflict {
    std::string trial;
    uint64_t points = 0;
  };
  std::vector<Conflict> conflicts;
  std::vector<coordinator::TrialHistory> histories;  // that were asked for
};

}  // namespace plasa::store
