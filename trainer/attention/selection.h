// Which keys each query attends to.
#pragma once

#include <ATen/TensorOperators.h>

#include "common/experiment/config.h"

namespace plasa::trainer {

// Everywhere: scores are floating [B,L,keys], sets and allowed are bool [B,L,keys] on the scores' device, k is an int64
// tensor [B,L]; the queries are the last L of the keys. No gradient flows through a set. A NaN among allowed scores
// ends in ThrowNanScore.

// Throws std::runtime_error: an index score is not a number.
[[noreturn]] void ThrowNanScore();

// s <= t, and the same document where docs [B,keys] is defined, for the queries from `first` on: [B,keys-first,keys].
[[nodiscard]] at::Tensor AllowedKeys(int64_t batch, int64_t keys, const at::Tensor& docs, at::Device device,
                                     int64_t first = 0);

// The min(k, n) best allowed keys of each row by (score descending, index ascending).
[[nodiscard]] at::Tensor SelectBest(const at::Tensor& scores, const at::Tensor& allowed, const at::Tensor& k);

// Rank of each key in its row (0 = best); keys that are not allowed come after all others.
[[nodiscard]] at::Tensor RankKeys(const at::Tensor& scores, const at::Tensor& allowed);

// Union of the local, dilated, global and self patterns, bool [L,L] before intersection with the allowed keys;
// undefined if the configuration has none.
[[nodiscard]] at::Tensor FixedPattern(const Config& config, int64_t length, at::Device device);

// The strict rule with fixed patterns: they are always kept, inside or outside the budget k.
[[nodiscard]] at::Tensor SelectStrict(const Config& config, const at::Tensor& scores, const at::Tensor& allowed,
                                      const at::Tensor& k);

// Block selection (docs/science.md), bool [B,L,L] with the later keys of a query's own block still in it. All queries
// of a block share what the index scores of its first query choose. Precondition: the queries are all L keys.
[[nodiscard]] at::Tensor SelectBlocks(const at::Tensor& scores, int64_t k, int64_t block);

// k of each row from the normalised entropy of its index distribution, between lo and hi.
[[nodiscard]] at::Tensor EntropyKeys(const at::Tensor& scores, const at::Tensor& allowed, int64_t lo, int64_t hi);

// The historical rule: future scores become -1e9, the k best of all L keys are taken and never masked again.
[[nodiscard]] at::Tensor SelectLeaky(const at::Tensor& scores, int64_t k, RefTies ties);

}  // namespace plasa::trainer
