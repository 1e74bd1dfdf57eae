// Fewer points for a picture, without hiding a spike.
#pragma once

#include <cstddef>
#include <vector>

#include "coordinator/store/series_block.h"

namespace plasa::store {

// At most `max_points` of `points` (steps growing), 0 = all: the first, the last, and the lowest and highest of each of
// equal buckets between them. A non-finite value counts as highest, so that it stays in sight. Below 4 the limit counts
// as 4.
[[nodiscard]] std::vector<Point> Downsample(std::vector<Point> points, size_t max_points);

// The first, the lowest, the highest and the last of `points`, in their order; heights as above.
[[nodiscard]] std::vector<Point> Extremes(const std::vector<Point>& points);

}  // namespace plasa::store
