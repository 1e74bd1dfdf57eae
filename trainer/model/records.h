// What a forward pass leaves behind.
#pragma once

#include <ATen/TensorOperators.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace plasa::trainer {

inline constexpr int64_t kIgnoredLabel = -100;

// Sums over the rows of a layer that the per-layer statistics are made of (spec 11), with ForwardOptions::statistics.
// Sparse rows are those with more keys than k.
struct LayerSums {
  int64_t selected = 0;  // pairs
  int64_t sparse_rows = 0, ties = 0, self = 0, first = 0;
  double mass = 0, sparse_mass = 0;  // of the full softmax on the set
  double set_recall = 0;
  double index_kl = 0;  // KL(full softmax, softmax of the index scores)
  double entropy = 0;   // over rows from the second on, head mean of entropy / ln(t+1)
  double overlap = 0;   // shared with the layer before
  int64_t overlap_rows = 0;
  bool indexed = false;
  std::vector<int64_t> distance;  // selected pairs of sparse rows by bit length of t - s

  void Add(const LayerSums& other);
};

// One attention layer of a pass. Tensors only with ForwardOptions::keep_layers, else undefined; all detached.
struct LayerRecord {
  int64_t k = 0;                  // scheduled k
  bool dense = false;             // attends to all allowed keys by construction
  at::Tensor kl;                  // scalar; undefined without an index loss
  std::optional<LayerSums> sums;  // with ForwardOptions::statistics where the CPU kernels ran
  at::Tensor set;                 // bool [B,L,L] selected keys; beside sums as EmptySets, undefined in a dense layer
  at::Tensor full;                // [B,L,L] head mean of the full causal softmax
  at::Tensor probs;               // [B,H,L,L] attention probabilities
  at::Tensor index;               // [B,L,L] index scores; undefined without indexer
  at::Tensor k_rows;              // int64 [B,L] k of each row
  at::Tensor experts;             // int64 [B,L,K] chosen experts, best first; undefined without a mixture
};

// Results of one pass; scalars are 0-dimensional tensors so that nothing waits for a device.
struct Forward {
  at::Tensor loss;     // the training loss
  at::Tensor ce;       // mean over targets
  at::Tensor aux;      // sum over layers, unweighted
  at::Tensor kl;       // sum over layers, unweighted
  at::Tensor logits;   // [B,L,V]
  at::Tensor nll;      // [B,L'] per target, 0 where ignored; L' = L, or L-1 under target rule `shifted`
  at::Tensor correct;  // bool [B,L'] argmax (lowest index on ties) equals the target
  at::Tensor valid;    // bool [B,L'] where a target is asked
  std::vector<at::Tensor> expert_load;  // int64 [E] tokens of each expert, a mixture layer each
  std::vector<LayerRecord> layers;
  int64_t length = 0;  // L
};

}  // namespace plasa::trainer
