// Queries, keys and values of a layer, and those of its lightning indexer.
#pragma once

#include <ATen/core/Tensor.h>

#include "trainer/attention/attention.h"

namespace plasa::trainer {

// After rotary positions.
struct Heads {
  at::Tensor q;  // [B,H,L,hd]
  at::Tensor k;  // [B,G,L,hd]
  at::Tensor v;  // [B,G,L,hd]
};
[[nodiscard]] Heads ProjectHeads(const PassContext& pass, const AttentionWeights& weights, const at::Tensor& x);

// After the key norm, before rotary positions; no gradient reaches x.
struct IndexRows {
  at::Tensor q;  // [B,L,H_I*d_I]
  at::Tensor k;  // [B,L,d_I]
  at::Tensor w;  // [B,L,H_I], scaled by sigma
};
[[nodiscard]] IndexRows ProjectIndex(const PassContext& pass, const AttentionWeights& weights, const at::Tensor& x);

// After rotary positions.
struct IndexHeads {
  at::Tensor q;  // [B,H_I,L,d_I]
  at::Tensor k;  // [B,L,d_I]
  at::Tensor w;  // [B,L,H_I], scaled by sigma
};
[[nodiscard]] IndexHeads RotateIndex(const PassContext& pass, const IndexRows& rows);

// Scores I = sum_j w_j ReLU(q_j . k), [B,L,L] over all pairs.
[[nodiscard]] at::Tensor IndexScores(const IndexHeads& heads);

}  // namespace plasa::trainer
