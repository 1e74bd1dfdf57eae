// What is drawn reaches exactly as far as the points do: thinned series and bands, at any range and any number of
// points.
#include "coordinator/store/band.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/base/philox.h"
#include "coordinator/store/downsample.h"

namespace plasa::store {
namespace {

// Series with growing steps, gaps, flat stretches, spikes and values that are not finite.
std::vector<Point> SeriesOf(Draws& draws) {
  std::vector<Point> series;
  int64_t step = 0;
  const uint64_t size = 1 + draws.NextBelow(700);
  while (series.size() < size) {
    step += 1 + static_cast<int64_t>(draws.NextBelow(4));
    double value = static_cast<double>(draws.NextBelow(50));
    if (draws.NextBelow(40) == 0) value = draws.NextBelow(2) == 0 ? 1e6 : -1e6;
    if (draws.NextBelow(60) == 0) value = draws.NextBelow(2) == 0 ? NAN : HUGE_VAL;
    series.push_back({step, value, 0});
  }
  return series;
}

struct Reach {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  void Add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool operator==(const Reach&) const = default;
};

bool HasNonFinite(const std::vector<Point>& points) {
  return std::any_of(points.begin(), points.end(), [](const Point& p) { return !std::isfinite(p.value); });
}

std::vector<Point> Cut(const std::vector<Point>& series, int64_t from, int64_t to) {
  std::vector<Point> cut;
  for (const Point& point : series)
    if (from <= point.step && point.step <= to) cut.push_back(point);
  return cut;
}

TEST(Downsample, ReachesAsFarAsThePointsAtAnyZoom) {
  Draws draws(Stream{.seed = 1, .purpose = Purpose::kAudit});
  for (int round = 0; round < 2000; ++round) {
    const std::vector<Point> series = SeriesOf(draws);
    const int64_t last = series.back().step;
    const auto from = static_cast<int64_t>(draws.NextBelow(static_cast<uint64_t>(last) + 1));
    const int64_t to = from + static_cast<int64_t>(draws.NextBelow(static_cast<uint64_t>(last - from) + 1));
    const std::vector<Point> shown = Cut(series, from, to);
    const size_t most = 4 + draws.NextBelow(200);
    const std::vector<Point> thin = Downsample(shown, most);
    ASSERT_LE(thin.size(), std::max(most, size_t{4}));
    Reach truth;
    Reach drawn;
    for (const Point& point : shown) truth.Add(point.value);
    for (const Point& point : thin) drawn.Add(point.value);
    if (HasNonFinite(shown)) {  // it takes the place of the highest of its bucket, and stays in sight
      ASSERT_TRUE(HasNonFinite(thin));
      ASSERT_EQ(drawn.low, truth.low);
    } else {
      ASSERT_EQ(drawn, truth) << "round " << round;
    }
  }
}

TEST(BandOf, ReachesAsFarAsThePointsOfAllSeeds) {
  Draws draws(Stream{.seed = 2, .purpose = Purpose::kAudit});
  for (int round = 0; round < 500; ++round) {
    Band band;
    Reach truth;
    int64_t first = INT64_MAX;
    int64_t last = 0;
    for (uint64_t seed = 0, seeds = 1 + draws.NextBelow(5); seed < seeds; ++seed) {
      const std::vector<Point> series = SeriesOf(draws);
      for (const Point& point : series) truth.Add(point.value);
      first = std::min(first, series.front().step);
      last = std::max(last, series.back().step);
      band.Add(series);
    }
    const size_t most = 2 + draws.NextBelow(200);
    const std::vector<BandPoint> points = band.Points(most);
    ASSERT_LE(points.size(), most);
    if (points.size() > 1) {
      ASSERT_EQ(points.front().step, first);
      ASSERT_EQ(points.back().step, last);
    }
    Reach drawn;
    for (size_t i = 0; i < points.size(); ++i) {
      ASSERT_TRUE(i == 0 || points[i - 1].step < points[i].step);
      if (std::isnan(points[i].mean)) continue;
      ASSERT_LE(points[i].low, points[i].mean);
      ASSERT_LE(points[i].mean, points[i].high);
      drawn.Add(points[i].low);
      drawn.Add(points[i].high);
    }
    ASSERT_EQ(drawn, truth) << "round " << round;
  }
}

TEST(BandOf, IsTheMeanOfTheSeedsThatHaveAStep) {
  Band band;
  band.Add({{0, 4.0, 0}, {10, 2.0, 0}, {20, 1.0, 0}});
  band.Add({{0, 2.0, 0}, {10, NAN, 0}, {15, 7.0, 0}});
  const std::vector<BandPoint> points = band.Points(0);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_EQ(points[0].mean, 3.0);
  EXPECT_EQ(points[0].low, 2.0);
  EXPECT_EQ(points[0].high, 4.0);
  EXPECT_EQ(points[1].mean, 2.0);
  EXPECT_EQ(points[2].step, 15);
  EXPECT_EQ(points[3].mean, 1.0);
}

TEST(BandOf, OnlyValuesThatAreNotFiniteGiveNone) {
  Band band;
  band.Add({{0, NAN, 0}, {1, HUGE_VAL, 0}});
  for (const BandPoint& point : band.Points(0)) EXPECT_TRUE(std::isnan(point.mean) && std::isnan(point.low));
  EXPECT_TRUE(Band().Points(10).empty());
}

}  // namespace
}  // namespace plasa::store
