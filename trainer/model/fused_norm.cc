#include "trainer/model/fused_norm.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>

#include "trainer/kernels/lanes.h"
#include "trainer/kernels/part_clock.h"
#include "trainer/kernels/this_cpu.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kRows = 64;  // rows of a part: parts are summed in order, whatever the threads

// y of one row; returns 1 / sqrt(mean(x^2) + eps).
template <int64_t R, class T>
PLASA_INLINE T NormRow(const T* x, const T* weight, int64_t n, T eps, T offset, T* y) {
  Lanes<T, R> squares{};
  ForParts<R, T>(n, [&](int64_t i, auto load, auto) PLASA_LAMBDA { squares += load(x + i) * load(x + i); });
  const T scale = T(1) / std::sqrt(SumOf(squares) / static_cast<T>(n) + eps);
  ForParts<R, T>(n, [&](int64_t i, auto load, auto store)
                        PLASA_LAMBDA { store(y + i, load(x + i) * scale * (load(weight + i) + offset)); });
  return scale;
}

// dx = scale (g w - x scale^2 mean(g w x)); adds g x scale to d_weight.
template <int64_t R, class T>
PLASA_INLINE void NormBackwardRow(const T* g, const T* x, const T* weight, int64_t n, T scale, T offset, T* dx,
                                  T* d_weight) {
  Lanes<T, R> products{};
  ForParts<R, T>(n, [&](int64_t i, auto load, auto)
                        PLASA_LAMBDA { products += load(g + i) * (load(weight + i) + offset) * load(x + i); });
  const T shrink = SumOf(products) / static_cast<T>(n) * scale * scale;
  ForParts<R, T>(n, [&](int64_t i, auto load, auto store) PLASA_LAMBDA {
    const Lanes<T, R> gi = load(g + i), xi = load(x + i);
    store(dx + i, scale * (gi * (load(weight + i) + offset) - xi * shrink));
    store(d_weight + i, load(d_weight + i) + gi * xi * scale);
  });
}

template <class T>
void Forward(const T* x, const T* weight, int64_t rows, int64_t n, T eps, T offset, T* y, T* scales) {
  ForThisCpu([=](auto r) PLASA_LAMBDA {
    for (int64_t i = 0; i < rows; ++i) scales[i] = NormRow<r>(x + i * n, weight, n, eps, offset, y + i * n);
  });
}
template <class T>
void Backward(const T* g, const T* x, const T* weight, const T* scales, int64_t rows, int64_t n, T offset, T* dx,
              T* d_weight) {
  ForThisCpu([=](auto r) PLASA_LAMBDA {
    for (int64_t i = 0; i < rows; ++i)
      NormBackwardRow<r>(g + i * n, x + i * n, weight, n, scales[i], offset, dx + i * n, d_weight);
  });
}

// Calls f(part, first row, rows) for parts of `rows` rows.
template <class F>
void ForRowParts(int64_t rows, F f) {
  at::parallel_for(0, (rows + kRows - 1) / kRows, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; ++part) f(part, part * kRows, std::min(kRows, rows - part * kRows));
  });
}

class NormNode : public torch::autograd::Function<NormNode> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& x_in, const at::Tensor& weight,
                            double eps, double offset) {
    const PartTimer timer(Part::kNorms);
    const at::Tensor x = x_in.contiguous();
    const int64_t n = x.size(-1), rows = x.numel() / n;
    const at::Tensor y = at::empty_like(x), scales = at::empty({rows}, x.options());
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "FusedRmsNorm", [&] {
      ForRowParts(rows, [&](int64_t, int64_t r, int64_t count) {
        Forward(x.data_ptr<scalar_t>() + r * n, weight.data_ptr<scalar_t>(), count, n, static_cast<scalar_t>(eps),
                static_cast<scalar_t>(offset), y.data_ptr<scalar_t>() + r * n, scales.data_ptr<scalar_t>() + r);
      });
    });
    ctx->save_for_backward({x, weight, scales});
    ctx->saved_data["offset"] = offset;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 const torch::autograd::variable_list& grads) {
    const PartTimer timer(Part::kNorms);
    const auto saved = ctx->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &scales = saved[2];
    const at::Tensor g = grads[0].contiguous();
    const int64_t n = x.size(-1), rows = x.numel() / n;
    const at::Tensor dx = at::empty_like(x), parts = at::zeros({(rows + kRows - 1) / kRows, n}, x.options());
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "FusedRmsNormBackward", [&] {
      const auto offset = static_cast<scalar_t>(ctx->saved_data["offset"].toDouble());
      ForRowParts(rows, [&](int64_t part, int64_t r, int64_t count) {
        Backward(g.data_ptr<scalar_t>() + r * n, x.data_ptr<scalar_t>() + r * n, weight.data_ptr<scalar_t>(),
                 scales.data_ptr<scalar_t>() + r, count, n, offset, dx.data_ptr<scalar_t>() + r * n,
                 parts.data_ptr<scalar_t>() + part * n);
      });
    });
    return {dx, parts.sum(0), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor FusedRmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps, double offset) {
  return NormNode::apply(x, weight, eps, offset);
}

}  // namespace plasa::trainer
