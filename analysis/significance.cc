#include "analysis/significance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/estimate.h"
#include "common/base/philox.h"

namespace plasa::analysis {
namespace {

constexpr double kRounding = 1e-12;  // of the sum of sizes: how near two sums count as equal

double Sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double Tolerance(const std::vector<double>& deltas) {
  double sizes = 0;
  for (const double d : deltas) sizes += std::abs(d);
  return kRounding * sizes;
}

// The sum under each of the 2^n ways to give signs.
std::vector<double> SignedSums(const std::vector<double>& deltas) {
  std::vector<double> sums = {0.0};
  sums.reserve(size_t{1} << deltas.size());
  for (const double d : deltas) {
    const size_t n = sums.size();
    for (size_t i = 0; i < n; ++i) {
      sums.push_back(sums[i] - d);
      sums[i] += d;
    }
  }
  return sums;
}

std::vector<double> Shifted(std::vector<double> deltas, double by) {
  for (double& d : deltas) d += by;
  return deltas;
}

}  // namespace

double SignFlipP(const std::vector<double>& deltas, Side side) {
  const std::vector<double> sums = SignedSums(deltas);
  const double seen = Sum(deltas), near = Tolerance(deltas);
  const auto hits = std::count_if(sums.begin(), sums.end(), [&](double sum) {
    if (side == Side::kLess) return sum <= seen + near;
    if (side == Side::kGreater) return sum >= seen - near;
    return std::abs(sum) >= std::abs(seen) - near;
  });
  return static_cast<double>(hits) / static_cast<double>(sums.size());
}

double SampledSignFlipP(const std::vector<double>& deltas, uint64_t seed, uint32_t draws) {
  const double least = std::abs(Sum(deltas)) - Tolerance(deltas);
  std::vector<uint32_t> words(deltas.size());
  uint32_t hits = 0;
  for (uint32_t draw = 0; draw < draws; ++draw) {
    Words(Stream{seed, Purpose::kFlip, draw, 0}, 0, words.size(), words.data());
    double sum = 0;
    for (size_t i = 0; i < words.size(); ++i) sum += words[i] >> 31 == 1 ? -deltas[i] : deltas[i];
    hits += std::abs(sum) >= least ? 1 : 0;
  }
  return (hits + 1.0) / (draws + 1.0);
}

std::vector<double> HolmAdjusted(const std::vector<double>& p) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&p](size_t a, size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(p.size() - i) * p[order[i]]));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

double EquivalenceP(const std::vector<double>& deltas, double margin) {
  return std::max(NonInferiorityP(deltas, margin), SignFlipP(Shifted(deltas, margin), Side::kGreater));
}

double NonInferiorityP(const std::vector<double>& deltas, double margin) {
  return SignFlipP(Shifted(deltas, -margin), Side::kLess);
}

double MinimumDetectableEffect(const std::vector<double>& deltas) {
  if (deltas.size() < 2) return 0;
  const double quantiles = NormalQuantile(0.975) + NormalQuantile(0.8);
  return quantiles * SampleDeviation(deltas) / std::sqrt(static_cast<double>(deltas.size()));
}

}  // namespace plasa::analysis
