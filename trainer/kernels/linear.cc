#include "trainer/kernels/linear.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

#include "trainer/kernels/bf16_product.h"
#include "trainer/kernels/free_threads.h"
#include "trainer/kernels/gemm.h"
#include "trainer/kernels/part_clock.h"

namespace plasa::trainer {
namespace {

// Whether a float product is ours: LibTorch's costs less for a few rows, and ours gains by chunks that are a thread's.
bool IsChunked(const at::Tensor& x, int64_t rows, int64_t n, int64_t k) {
  return x.is_cpu() && x.scalar_type() == at::kFloat && rows >= 256 && n >= 64 && k >= 64;
}

// A matrix that lies dense, or is the transpose of one that does.
struct Factor {
  explicit Factor(const at::Tensor& x)
      : transposed(!x.is_contiguous()), rows{x.data_ptr<float>(), x.stride(transposed ? 1 : 0)} {}
  // From row `first` of the matrix on.
  [[nodiscard]] Matrix<const float> From(int64_t first) const {
    return {rows.data + first * (transposed ? 1 : rows.stride), rows.stride};
  }

  bool transposed;
  Matrix<const float> rows;
};

// a b by rows of the result in equal chunks, each a thread's.
at::Tensor ChunkedProduct(const at::Tensor& a, const at::Tensor& b) {
  const int64_t rows = a.size(0), n = b.size(1), k = a.size(1), most = std::clamp<int64_t>(rows / 8, 128, 256),
                chunks = (rows + most - 1) / most, step = (rows + chunks - 1) / chunks;
  const at::Tensor out = at::empty({rows, n}, a.options());
  const Factor left(a), right(b);
  ForFreeThreads(chunks, [&](auto next) {
    for (int64_t i = next(); i >= 0; i = next()) {
      const int64_t first = i * step;
      Gemm(left.transposed, right.transposed, std::min(step, rows - first), n, k, left.From(first), right.rows, 0.0F,
           {out.data_ptr<float>() + first * n, n}, Sizes::kFew);
    }
  });
  return out;
}

at::Tensor Product(const at::Tensor& a, const at::Tensor& b, bool bf16) {
  if (!bf16) return ChunkedProduct(a, b);
  if (a.is_cpu() && !HasBf16Products()) return ChunkedProduct(ToFactors<RoundedFloat>(a), ToFactors<RoundedFloat>(b));
  at::Tensor out = at::empty({a.size(0), b.size(1)}, a.options());
  Bf16Product(a, b, out);
  return out;
}

class LinearNode : public torch::autograd::Function<LinearNode> {
 public:
  // x [M,K], w [N,K], dense
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& x, const at::Tensor& w,
                            bool bf16) {
    const PartTimer timer(Part::kProjections);
    ctx->save_for_backward({x, w});
    ctx->saved_data["bf16"] = bf16;
    return Product(x, w.t(), bf16);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 const torch::autograd::variable_list& grads) {
    const PartTimer timer(Part::kProjections);
    const bool bf16 = ctx->saved_data["bf16"].toBool();
    const auto saved = ctx->get_saved_variables();
    const at::Tensor &x = saved[0], &w = saved[1], g = grads[0].contiguous();
    return {ctx->needs_input_grad(0) ? Product(g, w, bf16) : at::Tensor(),
            ctx->needs_input_grad(1) ? Product(g.t(), x, bf16) : at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor Linear(const at::Tensor& x, const at::Tensor& weight, Precision precision) {
  const int64_t n = weight.size(0), k = weight.size(1), rows = x.numel() / k;
  const bool bf16 = precision == Precision::kBf16 && IsBf16Size(rows, n, k);
  if (!bf16 && !IsChunked(x, rows, n, k)) return at::linear(x, weight);
  auto shape = x.sizes().vec();
  shape.back() = n;
  return LinearNode::apply(x.reshape({rows, k}).contiguous(), weight.contiguous(), bf16).view(shape);
}

}  // namespace plasa::trainer
