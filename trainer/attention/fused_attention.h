// Causal attention on the CPU without L x L tensors of a head: blocks of queries, keys up to the block's end,
// recomputed backwards.
#pragma once

#include <ATen/TensorOperators.h>

#include "common/base/philox.h"
#include "trainer/attention/rope.h"

namespace plasa::trainer {

// Settings of one call.
struct FusedAttentionOptions {
  int64_t heads = 1, kv_heads = 1;
  RotaryTable rotary;  // interleaved, of the head width
  at::Tensor set;      // bool [B,L,RoomOf(L)] inside s <= t; undefined = all s <= t
  double dropout = 0;  // of the probabilities, by `stream`
  Stream stream;
  bool teacher = false;  // also return the head mean of the probabilities before dropout
};

struct FusedAttentionResult {
  at::Tensor output;   // [B,L,H*hd]
  at::Tensor teacher;  // [B,L,RoomOf(L)] with room as index scores; undefined unless asked for
};

// qkv [B,L,(H+2G)*hd] before rotary positions, CPU, float or double. Scores are q.k / sqrt(hd). Differentiable in qkv.
[[nodiscard]] FusedAttentionResult FusedAttention(const at::Tensor& qkv, const FusedAttentionOptions& options);

}  // namespace plasa::trainer
