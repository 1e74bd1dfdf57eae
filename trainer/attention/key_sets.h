// Which keys the queries of a layer attend to, by the configuration's rules.
#pragma once

#include <ATen/core/Tensor.h>

#include "trainer/attention/attention.h"

namespace plasa::trainer {

// How a layer attends in this pass.
enum class Regime {
  kDense,    // k = L: all allowed keys by construction
  kWarmUp,   // dense warm-up: all allowed keys, the indexer learns from them
  kLeaky,    // the historical rule
  kLearned,  // soft selection around a learned k
  kStrict,
};
// A layer without the indexer its selector needs is dense at every length.
[[nodiscard]] Regime RegimeOf(const PassContext& pass, int64_t k, bool indexed);

// Whether the layer owns an indexer that has an index loss in this regime.
[[nodiscard]] bool HasIndexLoss(const Config& config, bool indexed, Regime regime);

// Selected keys and the k of each row.
struct KeySet {
  at::Tensor set;       // bool [B,L,keys]
  at::Tensor k_rows;    // int64 [B,L]
  at::Tensor log_soft;  // [B,L,keys] to add to the attention scores (kLearned), else undefined
  at::Tensor budget;    // kappa / L (kLearned), else undefined
};

// Applies the regime. `index` [B,L,keys] may be undefined without an indexer, `full` (head mean of the full softmax)
// unless the selector is the oracle, `k_logit` unless k is learned.
[[nodiscard]] KeySet ChooseKeys(const PassContext& pass, Regime regime, int64_t layer, int64_t k,
                                const at::Tensor& index, const at::Tensor& full, const at::Tensor& k_logit);

}  // namespace plasa::trainer
