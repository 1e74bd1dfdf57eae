// The residual connection with dropout on the CPU, without a mask in memory.
#pragma once

#include <ATen/core/Tensor.h>

#include "common/base/philox.h"

namespace plasa::trainer {

// x + D(y): entry i of y is dropped or scaled by word i of `stream`. Float or double; differentiable in x and y, which
// have one shape.
[[nodiscard]] at::Tensor DroppedSum(const at::Tensor& x, const at::Tensor& y, const Stream& stream, double p);

}  // namespace plasa::trainer
