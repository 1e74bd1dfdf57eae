// A mean with its uncertainty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace plasa::analysis {

// Mean of n values with an interval, of 95 % where nothing else is said. n = 0: mean NaN. Fewer than three values have
// no interval: lo = hi = mean.
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

// The places, of n values, that each resample is made of. Drawn once for all samples of one size. Immutable.
class Resamples {
 public:
  explicit Resamples(size_t n, const BootstrapPlan& plan = {});

  [[nodiscard]] size_t n() const { return n_; }
  [[nodiscard]] double level() const { return level_; }
  [[nodiscard]] size_t count() const { return n_ == 0 ? 0 : places_.size() / n_; }
  // The n places of resample `b`; a place may repeat.
  [[nodiscard]] const uint32_t* At(size_t b) const { return places_.data() + b * n_; }

 private:
  size_t n_;
  double level_;
  std::vector<uint32_t> places_;
};

// The mean with its bias-corrected and accelerated bootstrap interval. All values equal: the interval is that value.
// Precondition of the first: resamples.n() values.
[[nodiscard]] Estimate BcaInterval(const std::vector<double>& values, const Resamples& resamples);
[[nodiscard]] Estimate BcaInterval(const std::vector<double>& values, const BootstrapPlan& plan = {});

// sum(numerators) / sum(denominators) with its interval; `mean` is the ratio. Precondition: equally many, paired.
[[nodiscard]] Estimate BcaRatio(const std::vector<double>& numerators, const std::vector<double>& denominators,
                                const Resamples& resamples);

}  // namespace plasa::analysis
