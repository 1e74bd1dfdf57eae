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

// Quantile by linear interpolation at (size - 1) q (type 7); reorders. Precondition: at least two values.
double Quantile(std::vector<double>* values, double q) {
  const double at = static_cast<double>(values->size() - 1) * q;
  const size_t i = std::min(static_cast<size_t>(at), values->size() - 2);
  const auto lower = values->begin() + static_cast<std::ptrdiff_t>(i);
  std::nth_element(values->begin(), lower, values->end());
  const double upper = *std::min_element(lower + 1, values->end());
  return *lower + (at - static_cast<double>(i)) * (upper - *lower);
}

// `statistic(places)` of each resample, in order.
template <class Statistic>
std::vector<double> Resampled(const Resamples& resamples, const Statistic& statistic) {
  std::vector<double> figures(resamples.count());
  for (size_t b = 0; b < figures.size(); ++b) figures[b] = statistic(resamples.At(b));
  return figures;
}

// How far the resampled figures lie to one side of the one seen, as a normal quantile.
double BiasCorrection(const std::vector<double>& figures, double seen, double tolerance) {
  double below = 0;
  for (const double value : figures) below += std::abs(value - seen) <= tolerance ? 0.5 : value < seen ? 1.0 : 0.0;
  const auto count = static_cast<double>(figures.size());
  return NormalQuantile(std::clamp(below / count, 1 / (count + 1), count / (count + 1)));
}

// Skewness of the leave-one-out figures.
double Acceleration(const std::vector<double>& jackknife) {
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

// Sets the bounds of `estimate`, whose mean is the figure seen.
void SetBounds(std::vector<double> figures, const std::vector<double>& jackknife, double tolerance, double level,
               Estimate* estimate) {
  const double z0 = BiasCorrection(figures, estimate->mean, tolerance);
  const double a = Acceleration(jackknife);
  const auto bound = [&](double tail) {
    const double z = z0 + NormalQuantile(tail);
    return Quantile(&figures, NormalCumulative(z0 + z / (1 - a * z)));
  };
  estimate->lo = bound((1 - level) / 2);
  estimate->hi = bound((1 + level) / 2);
}

// The largest size among them.
double Largest(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
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

Resamples::Resamples(size_t n, const BootstrapPlan& plan) : n_(n), level_(plan.level), places_(n * plan.resamples) {
  for (uint32_t b = 0; b < plan.resamples; ++b) {
    uint32_t* const words = places_.data() + b * n;
    Words(Stream{plan.seed, Purpose::kBootstrap, b, 0}, 0, n, words);
    for (size_t i = 0; i < n; ++i) words[i] = static_cast<uint32_t>(Below(words[i], n));
  }
}

Estimate BcaInterval(const std::vector<double>& values, const BootstrapPlan& plan) {
  const bool drawn = values.size() >= 3;
  return BcaInterval(values, Resamples(drawn ? values.size() : 0, plan));
}

Estimate BcaInterval(const std::vector<double>& values, const Resamples& resamples) {
  const double mean = Mean(values);
  const size_t n = values.size();
  Estimate estimate{n, mean, mean, mean};
  const auto same = [&values](double value) { return value == values.front(); };
  if (!estimate.HasInterval() || !std::isfinite(mean) || std::all_of(values.begin(), values.end(), same))
    return estimate;
  const auto mean_at = [&values, n](const uint32_t* places) {
    double sum = 0;
    for (size_t i = 0; i < n; ++i) sum += values[places[i]];
    return sum / static_cast<double>(n);
  };
  const double sum = Sum(values);
  std::vector<double> jackknife;
  for (const double value : values) jackknife.push_back((sum - value) / static_cast<double>(n - 1));
  SetBounds(Resampled(resamples, mean_at), jackknife, 1e-12 * Largest(values), resamples.level(), &estimate);
  return estimate;
}

Estimate BcaRatio(const std::vector<double>& numerators, const std::vector<double>& denominators,
                  const Resamples& resamples) {
  const size_t n = numerators.size();
  const double above = Sum(numerators), below = Sum(denominators), ratio = above / below;
  Estimate estimate{n, ratio, ratio, ratio};
  if (!estimate.HasInterval() || !std::isfinite(ratio)) return estimate;
  const auto ratio_at = [&](const uint32_t* places) {
    double numerator = 0, denominator = 0;
    for (size_t i = 0; i < n; ++i) {
      numerator += numerators[places[i]];
      denominator += denominators[places[i]];
    }
    return numerator / denominator;
  };
  std::vector<double> jackknife;
  for (size_t i = 0; i < n; ++i) jackknife.push_back((above - numerators[i]) / (below - denominators[i]));
  SetBounds(Resampled(resamples, ratio_at), jackknife, 1e-12 * std::abs(ratio), resamples.level(), &estimate);
  return estimate;
}

}  // namespace plasa::analysis
