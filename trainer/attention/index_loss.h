// The index loss: how far the indexer's distribution is from the attention it should predict.
#pragma once

#include <ATen/TensorOperators.h>

namespace plasa::trainer {

// Mean over rows of sum_s p ln(p/q), q = softmax of `scores` over `support`, 0 ln 0 = 0. `teacher` p is [B,L,L],
// detached and zero outside the support. `rows` bool [B,L] limits the mean (undefined = all rows).
[[nodiscard]] at::Tensor IndexKl(const at::Tensor& scores, const at::Tensor& support, const at::Tensor& teacher,
                                 const at::Tensor& rows);

}  // namespace plasa::trainer
