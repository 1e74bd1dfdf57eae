#include "trainer/kernels/factor.h"

#include <ATen/Parallel.h>

#include "trainer/kernels/factor_rows.h"
#include "trainer/kernels/kept_memory.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kGrain = 1 << 14;  // entries a thread takes at least

template <class F>
at::Tensor Rounded(const at::Tensor& x) {
  if (!x.is_contiguous()) return Rounded<F>(x.t()).t();
  const at::Tensor out = KeptEmpty(x.sizes(), kTensorType<F>);
  at::parallel_for(0, x.numel(), kGrain, [&](int64_t begin, int64_t end) {
    ScaleRow(1.0F, x.data_ptr<float>() + begin, end - begin, Entries<F>(out) + begin);
  });
  return out;
}

}  // namespace

template <>
at::Tensor ToFactors<c10::BFloat16>(const at::Tensor& x) {
  return Rounded<c10::BFloat16>(x);
}
template <>
at::Tensor ToFactors<RoundedFloat>(const at::Tensor& x) {
  return Rounded<RoundedFloat>(x);
}

}  // namespace plasa::trainer
