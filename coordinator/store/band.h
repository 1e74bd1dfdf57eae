// Many seeds of one cell as one line with a band.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "coordinator/store/series_block.h"

namespace plasa::store {

// What several series have at one step, or within one bucket of steps.
struct BandPoint {
  int64_t step = 0;
  double mean = 0;  // of the finite values; NaN where there is none
  double low = 0;   // the lowest and the highest finite value; NaN where there is none
  double high = 0;
};

// Adds series (steps growing) one by one; order counts for the last bits of the means alone.
class Band {
 public:
  void Add(const std::vector<Point>& series);
  // At most `max_points` points, 0 = all. A bucket of steps keeps the extremes of all its values, so that the band's
  // edges are as far out as the points are.
  [[nodiscard]] std::vector<BandPoint> Points(size_t max_points) const;

 private:
  struct Sum {
    int64_t step = 0;
    int64_t count = 0;  // of finite values
    double sum = 0;
    double low = 0;
    double high = 0;
    void Add(const Sum& other);
  };
  [[nodiscard]] static Sum SumOf(const Point& point);
  [[nodiscard]] static BandPoint PointOf(const Sum& sum);
  [[nodiscard]] bool HasStepsOf(const std::vector<Point>& series) const;

  std::vector<Sum> sums_;  // by step
};

}  // namespace plasa::store
