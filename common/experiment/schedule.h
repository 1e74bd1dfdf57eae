// How many keys a query may attend to in each layer.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/experiment/config.h"

namespace plasa {

// Shares of the window for the early, middle and late third of the layers.
using Ratios = std::array<double, 3>;

// The six named schedules, in the order of reports.
[[nodiscard]] std::vector<std::string> ScheduleNames();
[[nodiscard]] bool IsNamedSchedule(std::string_view name);
// Precondition: IsNamedSchedule(name).
[[nodiscard]] Ratios RatiosOf(std::string_view name);

// 0 early, 1 middle, 2 late.
[[nodiscard]] int ThirdOf(int64_t layer, int64_t n_layers, Thirds rule);

// max(1, min(length, floor(ratio * length))).
[[nodiscard]] int64_t KeysOf(double ratio, int64_t length);

// (query, key) pairs of a causal layer with k keys a query: k(k+1)/2 + (length-k)k. Precondition: 1 <= k <= length.
[[nodiscard]] int64_t Pairs(int64_t k, int64_t length);

// Block selection (docs/science.md): the blocks of `block` keys that a query attends to, its own among them, where so
// many are visible; the keys of the query at position t; and the pairs of a layer.
[[nodiscard]] int64_t BlockBudget(int64_t k, int64_t block);
[[nodiscard]] int64_t BlockKeys(int64_t k, int64_t block, int64_t t);
[[nodiscard]] int64_t BlockPairs(int64_t k, int64_t block, int64_t length);

// Pairs of a layer with k, by blocks where `block` is not 0. With k >= length it is dense.
[[nodiscard]] int64_t SelectedPairs(int64_t k, int64_t block, int64_t length);

// k of each layer for windows of `length`. Precondition: a resolved configuration.
[[nodiscard]] std::vector<int64_t> LayerKeys(const Config& config, int64_t length);

// The k for all layers whose pairs come nearest to those of `keys`, the smaller on ties.
[[nodiscard]] int64_t MatchedUniform(const std::vector<int64_t>& keys, int64_t length);
// The continuous counterpart: 1 - sqrt(mean (1 - ratio)^2).
[[nodiscard]] double MatchedRatio(const Ratios& ratios);

// Distinct permutations of a named schedule's ratios, with the strings over E, M, L that make them.
[[nodiscard]] std::vector<std::pair<std::string, Ratios>> Permutations(std::string_view name);

// The table printed at the start of a run; exact bytes, ends with a newline.
[[nodiscard]] std::string ScheduleTable(std::string_view name, const std::vector<int64_t>& keys, int64_t length,
                                        Thirds rule, int64_t block = 0);
[[nodiscard]] std::string ScheduleTable(const Config& config, int64_t length);

// Whether a layer with k keys owns a lightning indexer.
[[nodiscard]] bool HasIndexer(const Config& config, int64_t k, int64_t length);
// Whether a layer's feed-forward part is a mixture of experts.
[[nodiscard]] bool IsMixture(const Config& config, int64_t layer);

// Query positions below `free` are sparse in no layer, from `sparse` on in every sparse layer; both = length without
// any.
struct PositionBounds {
  int64_t free;
  int64_t sparse;
};
[[nodiscard]] PositionBounds PositionBoundsOf(const Config& config, int64_t length);

}  // namespace plasa
