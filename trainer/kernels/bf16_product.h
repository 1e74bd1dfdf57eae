// Products of matrices whose entries are rounded to bfloat16 and whose sums are float.
#pragma once

#include <ATen/core/Tensor.h>

namespace plasa::trainer {

// out [m,n] = bf16(a) bf16(b), summed in float, or added to out. a [m,k] and b [k,n] are float, or bfloat16 where a
// caller has rounded them already, with any strides; out is float, its rows dense. Where HasBf16Products()
// by oneDNN, on other CPUs by rounding first and a float product; elsewhere the device's own bfloat16 product, whose
// result is rounded once more.
void Bf16Product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& out, bool add = false);

// Whether a layer with weights [n,k] on m rows computes its products in bfloat16 (spec 1): smaller ones gain nothing.
[[nodiscard]] constexpr bool IsBf16Size(int64_t m, int64_t n, int64_t k) { return m >= 128 && n >= 64 && k >= 64; }

}  // namespace plasa::trainer
