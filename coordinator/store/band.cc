#include "coordinator/store/band.h"

#include <algorithm>
#include <cmath>

namespace plasa::store {

void Band::Sum::Add(const Sum& other) {
  if (other.count == 0) return;
  low = count == 0 ? other.low : std::min(low, other.low);
  high = count == 0 ? other.high : std::max(high, other.high);
  sum += other.sum;
  count += other.count;
}

Band::Sum Band::SumOf(const Point& point) {
  if (!std::isfinite(point.value)) return {.step = point.step};
  return {point.step, 1, point.value, point.value, point.value};
}

BandPoint Band::PointOf(const Sum& sum) {
  if (sum.count == 0) return {sum.step, NAN, NAN, NAN};
  return {sum.step, sum.sum / static_cast<double>(sum.count), sum.low, sum.high};
}

// Seeds of a cell mostly report at the same steps.
bool Band::HasStepsOf(const std::vector<Point>& series) const {
  return series.size() == sums_.size() &&
         std::equal(series.begin(), series.end(), sums_.begin(),
                    [](const Point& point, const Sum& sum) { return point.step == sum.step; });
}

void Band::Add(const std::vector<Point>& series) {
  if (HasStepsOf(series)) {
    for (size_t i = 0; i < series.size(); ++i) sums_[i].Add(SumOf(series[i]));
    return;
  }
  std::vector<Sum> merged;
  merged.reserve(sums_.size() + series.size());
  auto known = sums_.begin();
  for (const Point& point : series) {
    while (known != sums_.end() && known->step < point.step) merged.push_back(*known++);
    Sum here = known != sums_.end() && known->step == point.step ? *known++ : Sum{.step = point.step};
    here.Add(SumOf(point));
    merged.push_back(here);
  }
  merged.insert(merged.end(), known, sums_.end());
  sums_ = std::move(merged);
}

std::vector<BandPoint> Band::Points(size_t max_points) const {
  const size_t buckets = max_points == 0 ? sums_.size() : std::min(max_points, sums_.size());
  std::vector<BandPoint> points;
  points.reserve(buckets);
  for (size_t b = 0; b < buckets; ++b) {
    const size_t from = sums_.size() * b / buckets;
    const size_t to = sums_.size() * (b + 1) / buckets;
    Sum bucket;
    for (size_t i = from; i < to; ++i) bucket.Add(sums_[i]);
    bucket.step = b + 1 == buckets ? sums_[to - 1].step : sums_[from].step;  // the ends of the series are drawn
    points.push_back(PointOf(bucket));
  }
  return points;
}

}  // namespace plasa::store
