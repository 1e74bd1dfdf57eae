#include "trainer/kernels/linear.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <torch/csrc/autograd/custom_function.h>

#include "trainer/kernels/bf16_product.h"
#include "trainer/kernels/part_clock.h"

namespace plasa::trainer {
namespace {

at::Tensor Product(const at::Tensor& a, const at::Tensor& b) {
  at::Tensor out = at::empty({a.size(0), b.size(1)}, a.options());
  Bf16Product(a, b, out);
  return out;
}

class Bf16LinearNode : public torch::autograd::Function<Bf16LinearNode> {
 public:
  // x [M,K], w [N,K]
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& x, const at::Tensor& w) {
    const PartTimer timer(Part::kProjections);
    ctx->save_for_backward({x, w});
    return Product(x, w.t());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 const torch::autograd::variable_list& grads) {
    const PartTimer timer(Part::kProjections);
    const auto saved = ctx->get_saved_variables();
    const at::Tensor &x = saved[0], &w = saved[1], &g = grads[0];
    return {ctx->needs_input_grad(0) ? Product(g, w) : at::Tensor(),
            ctx->needs_input_grad(1) ? Product(g.t(), x) : at::Tensor()};
  }
};

}  // namespace

at::Tensor Linear(const at::Tensor& x, const at::Tensor& weight, Precision precision) {
  const int64_t n = weight.size(0), k = weight.size(1), rows = x.numel() / k;
  if (precision != Precision::kBf16 || !IsBf16Size(rows, n, k)) return at::linear(x, weight);
  auto shape = x.sizes().vec();
  shape.back() = n;
  return Bf16LinearNode::apply(x.reshape({rows, k}), weight).view(shape);
}

}  // namespace plasa::trainer
