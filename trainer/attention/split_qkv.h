// The projection of a layer taken apart into heads, for kernels that walk over plain arrays.
#pragma once

#include <ATen/core/Tensor.h>

#include "trainer/attention/rope.h"

namespace plasa::trainer {

// Shapes of qkv [B,L,(H+2G)*hd]: H query heads, then G key heads, then G value heads.
struct QkvLayout {
  QkvLayout(const at::Tensor& qkv, int64_t query_heads, int64_t kv_heads)
      : batch(qkv.size(0)),
        length(qkv.size(1)),
        heads(query_heads),
        groups(kv_heads),
        row(qkv.size(2)),
        width(row / (heads + 2 * groups)) {}

  int64_t batch, length, heads, groups, row, width;
};

// Contiguous heads after rotary positions: q [B,H,L,hd], k and v [B,G,L,hd].
struct SplitQkv {
  at::Tensor q, k, v;
};

// qkv contiguous, of type T, on the CPU; `rotary` is interleaved, of the head width.
template <class T>
[[nodiscard]] SplitQkv Split(const QkvLayout& layout, const at::Tensor& qkv, const RotaryTable& rotary);

// Backward of Split: fills d_qkv.
template <class T>
void Join(const QkvLayout& layout, const SplitQkv& d, const RotaryTable& rotary, const at::Tensor& d_qkv);

}  // namespace plasa::trainer
