#include "trainer/model/dropped_sum.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

#include "trainer/kernels/part_clock.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kPiece = 1024;  // entries whose factors are made at a time

// Calls f(first, count, factors) for pieces of n entries.
template <class T, class F>
void ForKept(const Stream& stream, double p, int64_t n, F f) {
  const uint32_t threshold = DropThreshold(p);
  const auto scale = static_cast<T>(1.0 / (1.0 - p));
  at::parallel_for(0, (n + kPiece - 1) / kPiece, 16, [&](int64_t begin, int64_t end) {
    T keep[kPiece];
    for (int64_t piece = begin; piece < end; ++piece) {
      const int64_t first = piece * kPiece, count = std::min(kPiece, n - first);
      KeepMask(stream, static_cast<uint64_t>(first), static_cast<size_t>(count), threshold, scale, keep);
      f(first, count, keep);
    }
  });
}

class SumNode : public torch::autograd::Function<SumNode> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& x_in, const at::Tensor& y_in,
                            const Stream& stream, double p) {
    const PartTimer timer(Part::kNorms);
    const at::Tensor x = x_in.contiguous(), y = y_in.contiguous(), out = at::empty_like(x);
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "DroppedSum", [&] {
      const scalar_t *a = x.data_ptr<scalar_t>(), *b = y.data_ptr<scalar_t>();
      scalar_t* o = out.data_ptr<scalar_t>();
      ForKept<scalar_t>(stream, p, x.numel(), [&](int64_t first, int64_t count, const scalar_t* keep) {
        for (int64_t i = 0; i < count; ++i) o[first + i] = a[first + i] + b[first + i] * keep[i];
      });
    });
    ctx->saved_data["stream"] =
        c10::List<int64_t>({static_cast<int64_t>(stream.seed), static_cast<int64_t>(stream.purpose),
                            static_cast<int64_t>(stream.step), static_cast<int64_t>(stream.layer)});
    ctx->saved_data["p"] = p;
    return out;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 const torch::autograd::variable_list& grads) {
    const PartTimer timer(Part::kNorms);
    const auto words = ctx->saved_data["stream"].toIntVector();
    const Stream stream{static_cast<uint64_t>(words[0]), static_cast<Purpose>(words[1]),
                        static_cast<uint32_t>(words[2]), static_cast<uint32_t>(words[3])};
    const double p = ctx->saved_data["p"].toDouble();
    const at::Tensor g = grads[0].contiguous(), dy = at::empty_like(g);
    AT_DISPATCH_FLOATING_TYPES(g.scalar_type(), "DroppedSumBackward", [&] {
      const scalar_t* a = g.data_ptr<scalar_t>();
      scalar_t* o = dy.data_ptr<scalar_t>();
      ForKept<scalar_t>(stream, p, g.numel(), [&](int64_t first, int64_t count, const scalar_t* keep) {
        for (int64_t i = 0; i < count; ++i) o[first + i] = a[first + i] * keep[i];
      });
    });
    return {g, dy, at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor DroppedSum(const at::Tensor& x, const at::Tensor& y, const Stream& stream, double p) {
  return SumNode::apply(x, y, stream, p);
}

}  // namespace plasa::trainer
