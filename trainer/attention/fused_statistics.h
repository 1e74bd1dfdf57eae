// The figures of one sparse layer (spec 11, per-layer statistics) on the CPU, by rows, without tensors of all heads.
#pragma once

#include <ATen/core/Tensor.h>

#include "trainer/attention/rope.h"
#include "trainer/model/records.h"

namespace plasa::trainer {

// What a layer of fixed k did in an evaluation.
struct StatisticsInput {
  int64_t heads = 1, kv_heads = 1, k = 0;
  RotaryTable rotary;  // interleaved, of the head width
  at::Tensor qkv;      // [B,L,(H+2G)*hd] before rotary positions
  at::Tensor set;      // bool [B,L,RoomOf(L)] with room; undefined = all s <= t
  at::Tensor scores;   // index scores [B,L,RoomOf(L)] with room; undefined without an indexer
};

[[nodiscard]] LayerSums FusedStatistics(const StatisticsInput& input);

// Adds how much the sets of `layer` share with those of the layer before, both sparse and with room.
void AddOverlap(const LayerRecord& previous, LayerRecord& layer);

}  // namespace plasa::trainer
