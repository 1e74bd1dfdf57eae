// Tests on paired differences d_i = a_i - b_i, one a seed (spec 14). Pure; the same bytes on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace plasa::analysis {

// Which means count as being as extreme as the one seen: either sign, smaller ones, or larger ones.
enum class Side { kBoth, kLess, kGreater };

// Most differences whose signs are all tried; of more 2^20 ways are drawn.
inline constexpr size_t kMostExact = 20;
// Fewer paired seeds decide nothing.
inline constexpr size_t kLeastSeeds = 8;

// Share of the 2^n ways to give the differences signs whose sum is as extreme as the one seen; 1 without any.
[[nodiscard]] double SignFlipP(const std::vector<double>& deltas, Side side = Side::kBoth);

// The share estimated from `draws` ways drawn from `seed`: (hits + 1) / (draws + 1).
[[nodiscard]] double SampledSignFlipP(const std::vector<double>& deltas, uint64_t seed, uint32_t draws = 1u << 20,
                                      Side side = Side::kBoth);

// p-values of a family adjusted by Holm's method, in the order given.
[[nodiscard]] std::vector<double> HolmAdjusted(const std::vector<double>& p);

// Two one-sided tests that the mean lies within +-margin.
[[nodiscard]] double EquivalenceP(const std::vector<double>& deltas, double margin);

// That the mean lies below margin: `a` is not worse than `b` by it.
[[nodiscard]] double NonInferiorityP(const std::vector<double>& deltas, double margin);

// The mean that a test at 5 % finds with a power of 80 %, by the normal approximation; 0 for fewer than two.
[[nodiscard]] double MinimumDetectableEffect(const std::vector<double>& deltas);

// How many more seeds would give that power for the mean seen, or for `margin` where that is larger; at least 1.
[[nodiscard]] size_t SeedsToDecide(const std::vector<double>& deltas, double margin);

// The fewest seeds with which one of `tests` sign-flip tests adjusted by Holm's method can reach alpha; never fewer
// than kLeastSeeds.
[[nodiscard]] size_t LeastSeeds(size_t tests, Side side = Side::kBoth, double alpha = 0.05);

}  // namespace plasa::analysis
