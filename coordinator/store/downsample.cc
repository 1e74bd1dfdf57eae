#include "coordinator/store/downsample.h"

#include <algorithm>
#include <cmath>

namespace plasa::store {
namespace {

double Height(const Point& point) { return std::isfinite(point.value) ? point.value : HUGE_VAL; }

// Appends the lowest and the highest of points[from, to), in their order.
void AppendExtremes(const std::vector<Point>& points, size_t from, size_t to, std::vector<Point>* out) {
  if (from == to) return;
  size_t low = from;
  size_t high = from;
  for (size_t i = from + 1; i < to; ++i) {
    if (Height(points[i]) < Height(points[low])) low = i;
    if (Height(points[i]) > Height(points[high])) high = i;
  }
  out->push_back(points[std::min(low, high)]);
  if (low != high) out->push_back(points[std::max(low, high)]);
}

}  // namespace

std::vector<Point> Downsample(std::vector<Point> points, size_t max_points) {
  if (max_points == 0 || points.size() <= std::max<size_t>(max_points, 4)) return points;
  const size_t buckets = (std::max<size_t>(max_points, 4) - 2) / 2;
  const size_t inner = points.size() - 2;
  std::vector<Point> kept{points.front()};
  for (size_t b = 0; b < buckets; ++b) {
    AppendExtremes(points, 1 + inner * b / buckets, 1 + inner * (b + 1) / buckets, &kept);
  }
  kept.push_back(points.back());
  return kept;
}

std::vector<Point> Extremes(const std::vector<Point>& points) { return Downsample(points, 4); }

}  // namespace plasa::store
