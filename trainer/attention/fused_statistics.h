// The figures of one sparse layer (spec 11, per-layer statistics) on the CPU, a tile of queries at a time.
#pragma once

#include <ATen/core/Tensor.h>

#include "trainer/attention/projections.h"
#include "trainer/attention/rope.h"
#include "trainer/model/records.h"

namespace plasa::trainer {

// What a layer of fixed k did in an evaluation.
struct StatisticsInput {
  int64_t heads = 1, kv_heads = 1, k = 0;
  RotaryTable rotary;  // interleaved, of the head width
  at::Tensor qkv;      // [B,L,(H+2G)*hd] before rotary positions
  at::Tensor set;      // chosen keys as EmptySets; undefined = all s <= t
  IndexHeads index;    // as FusedIndexHeads gave them; undefined without an indexer
};

[[nodiscard]] LayerSums FusedStatistics(const StatisticsInput& input);

// Adds how much the sets of `layer` share with those of the layer before, both sparse and by the CPU kernels.
void AddOverlap(const LayerRecord& previous, LayerRecord& layer);

}  // namespace plasa::trainer
