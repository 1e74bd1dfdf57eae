// The feed-forward half of a layer.
#pragma once

#include <ATen/TensorOperators.h>

#include <vector>

#include "common/experiment/config.h"

namespace plasa::trainer {

// linear1, linear2 of an exp3 expert; gate, up, down of a SwiGLU block.
struct BlockWeights {
  at::Tensor linear1, linear2;
  at::Tensor gate, up, down;
};

// One block, or a router and its experts.
struct FeedForwardWeights {
  at::Tensor router;  // undefined: `blocks` holds one SwiGLU block
  std::vector<BlockWeights> blocks;
};

struct FeedForwardResult {
  at::Tensor output;   // as x
  at::Tensor aux;      // load-balancing loss; undefined without a mixture
  at::Tensor load;     // int64 [E]; undefined without a mixture
  at::Tensor experts;  // int64 [T,K] chosen experts, best first; undefined without a mixture
};

// Where and how a half-layer is applied.
struct FeedForwardPass {
  const Config& config;
  int64_t layer = 0, step = 0;
  bool train = false;
  bool fused = false;  // by the CPU kernels where they cover the architecture
};

// Applies the half-layer to x [B,L,d].
[[nodiscard]] FeedForwardResult ApplyFeedForward(const FeedForwardPass& pass, const FeedForwardWeights& weights,
                                                 const at::Tensor& x);

}  // namespace plasa::trainer
