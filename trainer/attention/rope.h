// Rotary positions.
#pragma once

#include <ATen/TensorOperators.h>

namespace plasa::trainer {

// Cosines and signed sines of positions 0..length-1, [length, width], in the model's dtype, computed in double.
struct RotaryTable {
  at::Tensor cos, sin;
};

// Pairs (2i, 2i+1): angle t * base^(-2i/width).
[[nodiscard]] RotaryTable InterleavedTable(int64_t length, int64_t width, double base,
                                           const at::TensorOptions& options);
// x [..., length, width] turned by an interleaved table.
[[nodiscard]] at::Tensor RotateInterleaved(const at::Tensor& x, const RotaryTable& table);

// Pairs (i, i + width/2). `width` is even; a table of width 0 has undefined tensors.
[[nodiscard]] RotaryTable HalvesTable(int64_t length, int64_t width, double base, const at::TensorOptions& options);
// The first `width` components of x [..., length, n] turned by a halves table; the rest is unchanged.
[[nodiscard]] at::Tensor RotateHalves(const at::Tensor& x, const RotaryTable& table);

}  // namespace plasa::trainer
