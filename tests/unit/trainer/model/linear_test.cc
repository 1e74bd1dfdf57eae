// A layer's products in float: right in any size and layout, on any number of threads.
#include "trainer/kernels/linear.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include <array>

namespace plasa::trainer {
namespace {

// Rows of each, outputs, inputs: with whole and partial chunks, and one too small for them.
constexpr std::array<std::array<int64_t, 3>, 5> kSizes = {
    {{256, 64, 64}, {515, 77, 130}, {1030, 300, 96}, {4100, 65, 65}, {255, 64, 64}}};

// Largest difference, relative to the largest entry.
double Distance(const at::Tensor& a, const at::Tensor& b) {
  return ((a.to(at::kDouble) - b).abs().max() / b.abs().max()).item<double>();
}

struct Gradients {
  at::Tensor y, x, w;
};

Gradients Pass(const at::Tensor& x_in, const at::Tensor& w_in, const at::Tensor& g) {
  const at::Tensor x = x_in.detach().requires_grad_(), w = w_in.detach().requires_grad_();
  const at::Tensor y = Linear(x, w, Precision::kF32);
  y.backward(g);
  return {y.detach(), x.grad(), w.grad()};
}

TEST(Linear, MultipliesAndDifferentiates) {
  for (const auto& [rows, n, k] : kSizes) {
    SCOPED_TRACE(rows);
    const at::Tensor x = at::randn({rows, k}), w = at::randn({n, k}), g = at::randn({rows, n});
    const Gradients got = Pass(x, w, g);
    const at::Tensor x64 = x.to(at::kDouble), w64 = w.to(at::kDouble), g64 = g.to(at::kDouble);
    EXPECT_LT(Distance(got.y, at::matmul(x64, w64.t())), 1e-5);
    EXPECT_LT(Distance(got.x, at::matmul(g64, w64)), 1e-5);
    EXPECT_LT(Distance(got.w, at::matmul(g64.t(), x64)), 1e-5);
  }
}

TEST(Linear, TakesAnyLayout) {
  const at::Tensor x = at::randn({96, 8, 300}).transpose(0, 1), w = at::randn({96, 80}).t(),
                   g = at::randn({1}).expand({8, 300, 80});
  const at::Tensor turned = x.transpose(1, 2);  // [8,300,96], the last dimension not dense
  const Gradients got = Pass(turned, w, g), dense = Pass(turned.contiguous(), w.contiguous(), g.contiguous());
  EXPECT_EQ(got.y.sizes(), (std::vector<int64_t>{8, 300, 80}));
  EXPECT_TRUE(got.y.equal(dense.y));
  EXPECT_TRUE(got.x.equal(dense.x));
  EXPECT_TRUE(got.w.equal(dense.w));
}

TEST(Linear, IsTheSameOnAnyNumberOfThreads) {
  const int before = at::get_num_threads();
  for (const auto& [rows, n, k] : kSizes) {
    SCOPED_TRACE(rows);
    const at::Tensor x = at::randn({rows, k}), w = at::randn({n, k}), g = at::randn({rows, n});
    at::set_num_threads(1);
    const Gradients alone = Pass(x, w, g);
    at::set_num_threads(4);
    const Gradients together = Pass(x, w, g);
    EXPECT_LT(Distance(alone.y, together.y), 1e-6);
    EXPECT_LT(Distance(alone.x, together.x), 1e-6);
    EXPECT_LT(Distance(alone.w, together.w), 1e-6);
  }
  at::set_num_threads(before);
}

TEST(Linear, GivesNoGradientThatNobodyAsksFor) {
  const at::Tensor x = at::randn({300, 64}), w = at::randn({64, 64}).requires_grad_();
  Linear(x, w, Precision::kF32).sum().backward();
  EXPECT_FALSE(x.grad().defined());
  EXPECT_LT(Distance(w.grad(), at::matmul(at::ones({64, 300}, at::kDouble), x.to(at::kDouble))), 1e-5);
}

}  // namespace
}  // namespace plasa::trainer
