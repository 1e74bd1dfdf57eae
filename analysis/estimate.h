// A mean with its uncertainty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace plasa::analysis {

// Mean of n values with a 95 % interval. n = 0: mean NaN. Fewer than three values have no interval: lo = hi = mean.
struct Estimate {
  size_t n = 0;
  double mean = 0;
  double lo = 0;
  double hi = 0;

  [[nodiscard]] bool HasInterval() const { return n >= 3; }
};

[[nodiscard]] double Mean(const std::vector<double>& values);

// Standard deviation with n - 1 in the denominator; 0 for fewer than two values.
[[nodiscard]] double SampleDeviation(const std::vector<double>& values);

// How a bootstrap is drawn; the same plan always gives the same bytes.
struct BootstrapPlan {
  uint64_t seed = 0;
  uint32_t resamples = 10000;
  double level = 0.95;
};

// The mean with its bias-corrected and accelerated bootstrap interval. All values equal: the interval is that value.
[[nodiscard]] Estimate BcaInterval(const std::vector<double>& values, const BootstrapPlan& plan = {});

}  // namespace plasa::analysis
