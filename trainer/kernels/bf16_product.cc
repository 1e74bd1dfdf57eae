#include "trainer/kernels/bf16_product.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/mm.h>

#include "trainer/kernels/onednn_product.h"

namespace plasa::trainer {
namespace {

// A matrix with rows or columns one after the other.
struct Operand {
  explicit Operand(const at::Tensor& x) : transposed(x.stride(1) != 1 && x.stride(0) == 1) {
    tensor = transposed || x.stride(1) == 1 ? x : x.contiguous();
    stride = tensor.stride(transposed ? 1 : 0);
  }

  bool transposed;
  at::Tensor tensor;
  int64_t stride;
};

}  // namespace

void Bf16Product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& out, bool add) {
  if (out.numel() == 0) return;
  at::Tensor to = out;
  const at::Tensor x = a.to(at::kBFloat16), y = b.to(at::kBFloat16);
  if (!out.is_cpu()) {
    add ? to.add_(at::mm(x, y)) : to.copy_(at::mm(x, y));
    return;
  }
  if (!HasBf16Products()) {
    at::addmm_out(to, to, x.to(at::kFloat), y.to(at::kFloat), add ? 1 : 0);
    return;
  }
  const Operand left(x), right(y);
  OneDnnProduct({true, left.transposed, right.transposed, add, x.size(0), y.size(1), x.size(1), left.stride,
                 right.stride, out.stride(0)},
                left.tensor.data_ptr(), right.tensor.data_ptr(), out.data_ptr<float>());
}

}  // namespace plasa::trainer
