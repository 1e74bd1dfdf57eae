// The experts of an exp3 mixture on the CPU: tokens sorted by expert, products of matrices, one pass over the hidden
// layer.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "common/base/philox.h"
#include "common/experiment/config_enums.h"

namespace plasa::trainer {

// Settings of one call.
struct ExpertOptions {
  double dropout = 0;  // of the hidden layer, element (token * E + e) * d_ff + j of `stream`
  Stream stream;
  Precision precision = Precision::kF32;  // kBf16: of the products, where IsBf16Size of all tokens
};

// y_t = sum_k weights_{t,k} W2_e D(SiLU(W1_e x_t)), e = top_{t,k} (spec 5.1). x [T,d], top int64 [T,K], weights [T,K],
// w1[e] [d_ff,d], w2[e] [d,d_ff]; float or double. Differentiable in x, weights, w1 and w2.
[[nodiscard]] at::Tensor FusedExperts(const at::Tensor& x, const at::Tensor& top, const at::Tensor& weights,
                                      const std::vector<at::Tensor>& w1, const std::vector<at::Tensor>& w2,
                                      const ExpertOptions& options);

}  // namespace plasa::trainer
