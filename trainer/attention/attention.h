// One PLASA attention layer.
#pragma once

#include <ATen/TensorOperators.h>

#include "common/experiment/config.h"
#include "trainer/attention/key_cache.h"
#include "trainer/attention/rope.h"
#include "trainer/model/records.h"

namespace plasa::trainer {

// Weights of a layer; the indexer's are undefined in a layer without one.
struct AttentionWeights {
  at::Tensor qkv, w_o;
  at::Tensor index_q, index_k, index_w, index_norm, index_bias;
  at::Tensor k_logit;
};

// What the layers of one pass share.
struct PassContext {
  const Config* config;
  int64_t batch, length;  // of x
  int64_t window;         // what k is a share of: the length, or a decoder's
  int64_t step;
  bool train;
  bool keep_layers;
  bool statistics;
  bool force_sparse;  // no layer is dense by its k
  bool fused;         // by the CPU kernels where they cover the configuration
  at::Device device = at::kCPU;
  int64_t first = 0;  // of the window's positions: the queries are its rows from here on, the keys all up to the last
  at::Tensor docs;    // [B,keys]; undefined without doc_mask
  RotaryTable rotary;
  RotaryTable index_rotary;
  KeyCache* cache;  // of a decoder: the keys before x, to which those of x are added; or nullptr

  // Keys a query may see, bool [B,L,keys]; made when first asked for, which the CPU kernels never do.
  [[nodiscard]] const at::Tensor& Allowed() const;
  mutable at::Tensor allowed;  // what Allowed() made
};

// Result of a layer: [B,L,d] before residual dropout, and what the loss and the statistics need.
struct AttentionResult {
  at::Tensor output;
  at::Tensor budget;  // kappa / L with a learned k, else undefined
  LayerRecord record;
};

// Applies layer `layer` with scheduled `k` to x [B,L,d].
[[nodiscard]] AttentionResult Attend(const PassContext& pass, const AttentionWeights& weights, int64_t layer, int64_t k,
                                     const at::Tensor& x);

}  // namespace plasa::trainer
