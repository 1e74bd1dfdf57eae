// Root-mean-square norm on the CPU, one pass over memory each way.
#pragma once

#include <ATen/core/Tensor.h>

namespace plasa::trainer {

// x / sqrt(mean(x^2) + eps) * (weight + offset) over the last dimension (spec 5.1; offset 1 in 5.2). Float or double;
// differentiable in x and weight.
[[nodiscard]] at::Tensor FusedRmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps, double offset);

}  // namespace plasa::trainer
