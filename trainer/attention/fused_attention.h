// A causal attention layer on the CPU in one sweep over tiles of queries: index scores, the choice of keys, attention,
// index loss. Of all pairs only the bits of the chosen keys outlive a tile.
#pragma once

#include <ATen/TensorOperators.h>

#include "trainer/attention/attention_tiles.h"
#include "trainer/attention/projections.h"
#include "trainer/attention/rope.h"

namespace plasa::trainer {

// Settings of one call.
struct FusedAttentionOptions {
  int64_t heads = 1, kv_heads = 1;
  RotaryTable rotary;  // interleaved, of the head width
  AttentionDropout dropout;
  IndexHeads index;  // as FusedIndexHeads gave them; undefined without an indexer
  RotaryTable index_rotary;
  int64_t k = 0;           // keys a query chooses by its index scores; 0 = it attends to all s <= t
  int64_t block = 0;       // they are chosen in blocks of so many (docs/science.md), a divisor of 64; 0 = one by one
  bool learns = false;     // also compute the index loss
  int64_t first_loss = 0;  // first query in it
};

struct FusedAttentionResult {
  at::Tensor output;  // [B,L,H*hd]
  at::Tensor set;     // chosen keys as EmptySets; undefined if they were not chosen
  at::Tensor kl;      // the index loss, a scalar; undefined unless asked for
};

// qkv [B,L,(H+2G)*hd] before rotary positions, CPU, float or double; `rows` gave options.index and is undefined without
// it. Scores are q.k / sqrt(hd). The index loss is the mean over queries t >= first_loss of KL(head mean of the
// probabilities before dropout, softmax of the index scores over the same keys). The output is differentiable in qkv,
// the loss in rows. Throws std::runtime_error on an index score that is not a number.
[[nodiscard]] FusedAttentionResult FusedAttention(const at::Tensor& qkv, const IndexRows& rows,
                                                  const FusedAttentionOptions& options);

}  // namespace plasa::trainer
