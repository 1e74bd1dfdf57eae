#include "analysis/estimate.h"

#include <algorithm>
#include <cmath>

#include "common/base/philox.h"

namespace plasa::analysis {
namespace {

double Sum(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

double NormalCumulative(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// Quantile by linear interpolation at (size - 1) q (type 7). Precondition: sorted, at least two values.
double SortedQuantile(const std::vector<double>& sorted, double q) {
  const double at = static_cast<double>(sorted.size() - 1) * q;
  const size_t i = std::min(static_cast<size_t>(at), sorted.size() - 2);
  return sorted[i] + (at - static_cast<double>(i)) * (sorted[i + 1] - sorted[i]);
}

// The mean of each resample, in order.
std::vector<double> ResampledMeans(const std::vector<double>& values, const BootstrapPlan& plan) {
  const size_t n = values.size();
  std::vector<double> means(plan.resamples);
  std::vector<uint32_t> words(n);
  for (uint32_t b = 0; b < plan.resamples; ++b) {
    Words(Stream{plan.seed, Purpose::kBootstrap, b, 0}, 0, n, words.data());
    double sum = 0;
    for (const uint32_t word : words) sum += values[Below(word, n)];
    means[b] = sum / static_cast<double>(n);
  }
  return means;
}

// How far the resampled means lie to one side of the mean, as a normal quantile.
double BiasCorrection(const std::vector<double>& means, double mean, double tolerance) {
  double below = 0;
  for (const double value : means) below += std::abs(value - mean) <= tolerance ? 0.5 : value < mean ? 1.0 : 0.0;
  const auto count = static_cast<double>(means.size());
  return NormalQuantile(std::clamp(below / count, 1 / (count + 1), count / (count + 1)));
}

// Skewness of the leave-one-out means.
double Acceleration(const std::vector<double>& values) {
  const double sum = Sum(values);
  std::vector<double> jackknife;
  for (const double value : values) jackknife.push_back((sum - value) / static_cast<double>(values.size() - 1));
  const double center = Mean(jackknife);
  double squares = 0;
  double cubes = 0;
  for (const double value : jackknife) {
    const double u = center - value;
    squares += u * u;
    cubes += u * u * u;
  }
  const double scale = 6 * std::pow(squares, 1.5);
  return scale > 0 ? cubes / scale : 0;
}

}  // namespace

double Mean(const std::vector<double>& values) {
  return values.empty() ? NAN : Sum(values) / static_cast<double>(values.size());
}

double SampleDeviation(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const double mean = Mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

Estimate BcaInterval(const std::vector<double>& values, const BootstrapPlan& plan) {
  const double mean = Mean(values);
  Estimate estimate{values.size(), mean, mean, mean};
  const auto same = [&values](double value) { return value == values.front(); };
  if (!estimate.HasInterval() || !std::isfinite(mean) || std::all_of(values.begin(), values.end(), same))
    return estimate;
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  std::vector<double> means = ResampledMeans(values, plan);
  const double z0 = BiasCorrection(means, mean, 1e-12 * largest);
  const double a = Acceleration(values);
  std::sort(means.begin(), means.end());
  const auto bound = [&](double tail) {
    const double z = z0 + NormalQuantile(tail);
    return SortedQuantile(means, NormalCumulative(z0 + z / (1 - a * z)));
  };
  estimate.lo = bound((1 - plan.level) / 2);
  estimate.hi = bound((1 + plan.level) / 2);
  return estimate;
}

}  // namespace plasa::analysis
