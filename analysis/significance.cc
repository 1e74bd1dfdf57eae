#include "analysis/significance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "analysis/estimate.h"
#include "common/base/philox.h"

namespace plasa::analysis {
namespace {

constexpr double kRounding = 1e-12;  // of the sum of sizes: how near two sums count as equal

// Of 5 %, two-sided, and of a power of 80 %.
double Quantiles() { return NormalQuantile(0.975) + NormalQuantile(0.8); }

double Sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double Tolerance(const std::vector<double>& deltas) {
  double sizes = 0;
  for (const double d : deltas) sizes += std::abs(d);
  return kRounding * sizes;
}

// The sum under each of the 2^n ways to give `count` differences from `first` on their signs, ascending.
std::vector<double> SignedSums(const std::vector<double>& deltas, size_t first, size_t count) {
  std::vector<double> sums = {0.0};
  sums.reserve(size_t{1} << count);
  for (size_t i = first; i < first + count; ++i) {
    const size_t n = sums.size();
    for (size_t j = 0; j < n; ++j) {
      sums.push_back(sums[j] - deltas[i]);
      sums[j] += deltas[i];
    }
  }
  std::sort(sums.begin(), sums.end());
  return sums;
}

// All signed sums, as those of two halves: counting needs no more than one walk through each.
class SignFlips {
 public:
  explicit SignFlips(const std::vector<double>& deltas)
      : a_(SignedSums(deltas, 0, deltas.size() / 2)),
        b_(SignedSums(deltas, deltas.size() / 2, deltas.size() - deltas.size() / 2)) {}

  [[nodiscard]] double ShareUpTo(double most) const {
    size_t hits = 0;
    auto end = b_.end();
    for (const double a : a_) {
      while (end != b_.begin() && a + *(end - 1) > most) --end;
      hits += static_cast<size_t>(end - b_.begin());
    }
    return static_cast<double>(hits) / (static_cast<double>(a_.size()) * static_cast<double>(b_.size()));
  }
  // Every sum is there with either sign.
  [[nodiscard]] double ShareFrom(double least) const { return ShareUpTo(-least); }

 private:
  std::vector<double> a_, b_;
};

// Signs of differences in each of many draws from one generator, a bit each, 1 = minus.
class DrawnSigns {
 public:
  // Enough for `count` differences. Kept for the next test on this thread: drawing takes far longer than counting, and
  // the tests of a family use the same signs.
  static const DrawnSigns& For(uint64_t seed, uint32_t draws, size_t count) {
    thread_local DrawnSigns kept;
    if (kept.seed_ != seed || kept.draws_ != draws || kept.blocks_ * 64 < count)
      kept = DrawnSigns(seed, draws, (count + 63) / 64);
    return kept;
  }

  // Those of differences 64 block .. 64 block + 63 in one draw.
  [[nodiscard]] uint64_t At(uint32_t draw, size_t block) const { return words_[draw * blocks_ + block]; }

 private:
  DrawnSigns() = default;
  DrawnSigns(uint64_t seed, uint32_t draws, size_t blocks)
      : seed_(seed), draws_(draws), blocks_(blocks), words_(draws * blocks) {
    std::vector<uint32_t> drawn(64 * blocks);
    for (uint32_t draw = 0; draw < draws; ++draw) {
      Words(Stream{seed, Purpose::kFlip, draw, 0}, 0, drawn.size(), drawn.data());
      for (size_t i = 0; i < drawn.size(); ++i)
        words_[draw * blocks + i / 64] |= static_cast<uint64_t>(drawn[i] >> 31) << (i % 64);
    }
  }

  uint64_t seed_ = 0;
  uint32_t draws_ = 0;
  size_t blocks_ = 0;
  std::vector<uint64_t> words_;
};

// Sums of eight differences under each of the 256 ways to give them signs.
using OctetSums = std::array<double, 256>;

std::vector<OctetSums> OctetsOf(const std::vector<double>& deltas) {
  std::vector<OctetSums> octets((deltas.size() + 7) / 8);
  for (size_t o = 0; o < octets.size(); ++o) {
    for (size_t signs = 0; signs < 256; ++signs) {
      double sum = 0;
      for (size_t i = 8 * o; i < std::min(8 * o + 8, deltas.size()); ++i)
        sum += (signs >> (i % 8) & 1) != 0 ? -deltas[i] : deltas[i];
      octets[o][signs] = sum;
    }
  }
  return octets;
}

bool IsExtreme(double sum, double seen, double near, Side side) {
  if (side == Side::kLess) return sum <= seen + near;
  if (side == Side::kGreater) return sum >= seen - near;
  return std::abs(sum) >= std::abs(seen) - near;
}

std::vector<double> Shifted(std::vector<double> deltas, double by) {
  for (double& d : deltas) d += by;
  return deltas;
}

}  // namespace

double SignFlipP(const std::vector<double>& deltas, Side side) {
  if (deltas.size() > kMostExact) return SampledSignFlipP(deltas, 0, 1u << 20, side);
  const SignFlips flips(deltas);
  const double seen = Sum(deltas), near = Tolerance(deltas);
  if (side == Side::kLess) return flips.ShareUpTo(seen + near);
  if (side == Side::kGreater) return flips.ShareFrom(seen - near);
  const double least = std::abs(seen) - near;
  return least <= 0 ? 1.0 : flips.ShareUpTo(-least) + flips.ShareFrom(least);
}

double SampledSignFlipP(const std::vector<double>& deltas, uint64_t seed, uint32_t draws, Side side) {
  const double seen = Sum(deltas), near = Tolerance(deltas);
  const DrawnSigns& signs = DrawnSigns::For(seed, draws, deltas.size());
  const std::vector<OctetSums> octets = OctetsOf(deltas);
  uint32_t hits = 0;
  for (uint32_t draw = 0; draw < draws; ++draw) {
    double sum = 0;
    for (size_t o = 0; o < octets.size(); ++o) sum += octets[o][signs.At(draw, o / 8) >> (o % 8 * 8) & 255];
    hits += IsExtreme(sum, seen, near, side) ? 1 : 0;
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
  return Quantiles() * SampleDeviation(deltas) / std::sqrt(static_cast<double>(deltas.size()));
}

size_t SeedsToDecide(const std::vector<double>& deltas, double margin) {
  const double ratio = Quantiles() * SampleDeviation(deltas) / std::max(std::abs(Mean(deltas)), margin);
  const double wanted = std::ceil(ratio * ratio), more = wanted - static_cast<double>(deltas.size());
  return more >= 1 ? static_cast<size_t>(std::min(more, 1e9)) : 1;
}

size_t LeastSeeds(size_t tests, Side side, double alpha) {
  const double ways = static_cast<double>(std::max<size_t>(1, tests)) * (side == Side::kBoth ? 2 : 1);
  size_t n = kLeastSeeds;
  while (std::ldexp(ways, -static_cast<int>(n)) > alpha) ++n;
  return n;
}

}  // namespace plasa::analysis
