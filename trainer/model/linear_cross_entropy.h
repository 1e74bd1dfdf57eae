// The head and its loss in one: cross-entropy of a linear layer, by chunks of rows, so that the logits of all rows
// never exist at once. Spec 5.1.
#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>

#include "common/experiment/config_enums.h"

namespace plasa::trainer {

// Of N rows; nll and correct only where no graph is built.
struct LinearCrossEntropyResult {
  at::Tensor mean;     // scalar: over the rows with a label; NaN without any
  at::Tensor nll;      // [N], 0 where ignored
  at::Tensor correct;  // bool [N]: argmax (lowest index on ties) equals the label
};

// Logits of a chunk of so many rows of words: half of all, between 64 and 128 MiB of floats. More rows at once are
// faster; where there are few rows, a larger chunk would be a large part of the peak memory.
constexpr int64_t ChunkLogits(int64_t rows, int64_t words) {
  return std::clamp(rows * words / 2, int64_t{1} << 24, int64_t{1} << 25);
}

// x [N,d], weight [V,d], labels int64 [N] (kIgnoredLabel = none), on any device. With grad mode on, the mean is
// differentiable in x and weight: their gradients are computed with it. Products are rounded as those of Linear would
// be. A chunk has at most `chunk` logits (0: ChunkLogits), but a row at least.
[[nodiscard]] LinearCrossEntropyResult LinearCrossEntropy(const at::Tensor& x, const at::Tensor& weight,
                                                          const at::Tensor& labels, Precision precision,
                                                          int64_t chunk = 0);

}  // namespace plasa::trainer
