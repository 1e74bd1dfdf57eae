// Memory of tensors so large that a heap does not hold them well.
#pragma once

#include <ATen/core/Tensor.h>

namespace plasa::trainer {

// A dense tensor on the CPU with anything in it. A large one's memory is kept when it goes, for the next of that size:
// in the heap, small tensors would settle in the hole that it leaves, and each step's would need another.
[[nodiscard]] at::Tensor KeptEmpty(at::IntArrayRef sizes, at::ScalarType type);

}  // namespace plasa::trainer
