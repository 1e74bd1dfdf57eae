// The one seam through which layers multiply by their weights.
#pragma once

#include <ATen/core/Tensor.h>

#include "common/experiment/config_enums.h"

namespace plasa::trainer {

// x W^T for x [...,K] and W [N,K], differentiable in both. With kBf16 and a size of IsBf16Size, the product and the two
// of its gradient round their operands to bfloat16 (spec 1); x, W, the result and all gradients stay as they are,
// float.
[[nodiscard]] at::Tensor Linear(const at::Tensor& x, const at::Tensor& weight, Precision precision);

}  // namespace plasa::trainer
