// What the factors of matrix products are stored as: float, double, or one of two types of precision bf16.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/BFloat16.h>

#include "trainer/kernels/onednn_product.h"

namespace plasa::trainer {

// A float that is rounded to bfloat16: what products of precision bf16 are made of where the processor has none, or
// slow ones.
struct RoundedFloat {
  float value;
};

// Calls use(F()) with the type of factors of precision bf16 on this CPU.
template <class Use>
auto WithBf16Factor(Use use) {
  return HasBf16Products() ? use(c10::BFloat16()) : use(RoundedFloat());
}

// The type of a tensor of factors; its entries.
template <class F>
constexpr at::ScalarType kTensorType = c10::CppTypeToScalarType<F>::value;
template <>
inline constexpr at::ScalarType kTensorType<RoundedFloat> = at::kFloat;

template <class F>
F* Entries(const at::Tensor& x) {
  return x.data_ptr<F>();
}
template <>
inline RoundedFloat* Entries<RoundedFloat>(const at::Tensor& x) {
  return reinterpret_cast<RoundedFloat*>(x.data_ptr<float>());
}

// x as factors: x itself where its type is F, else rounded. x is on the CPU, dense or the transpose of a dense matrix;
// float, where F is of precision bf16.
template <class F>
at::Tensor ToFactors(const at::Tensor& x) {
  return x;
}
template <>
at::Tensor ToFactors<c10::BFloat16>(const at::Tensor& x);
template <>
at::Tensor ToFactors<RoundedFloat>(const at::Tensor& x);

}  // namespace plasa::trainer
