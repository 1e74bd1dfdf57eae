// The forward half of FusedAttention.
#pragma once

#include "trainer/attention/fused_attention.h"

namespace plasa::trainer {

// What a sweep leaves behind. `loss` and `d_index`, its gradient by the index heads, only where it learns.
struct SweepResult {
  at::Tensor output;  // [B,L,H*hd]
  at::Tensor lse;     // [B,H,L] log-sum-exp of the attention scores
  at::Tensor kept;    // as EmptyKept gave it
  double loss = 0;
  IndexHeads d_index;
};

// Runs over all tiles; fills `set` where options.k > 0.
[[nodiscard]] SweepResult SweepLayer(const QkvLayout& layout, const SplitQkv& in, const FusedAttentionOptions& options,
                                     const at::Tensor& set);

}  // namespace plasa::trainer
