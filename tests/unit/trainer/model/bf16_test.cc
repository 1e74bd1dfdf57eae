// bfloat16 products: which ones, how exact, and that nothing else changes type.
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include "common/base/philox.h"
#include "trainer/kernels/bf16_product.h"
#include "trainer/kernels/linear.h"
#include "trainer/model/model.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {
namespace {

at::Tensor Rounded(const at::Tensor& x) { return x.to(at::kBFloat16).to(at::kDouble); }

// Largest difference, relative to the largest entry.
double Distance(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).abs().max() / b.abs().max()).item<double>();
}

TEST(Bf16, ProductSumsRoundedEntriesInFloat) {
  for (const auto& [m, n, k] : {std::array<int64_t, 3>{128, 64, 64}, {131, 77, 301}, {1, 1, 1}, {300, 65, 9}}) {
    const at::Tensor a = at::randn({m, k}), b = at::randn({n, k}), out = at::empty({m, n});
    Bf16Product(a, b.t(), out);
    EXPECT_LT(Distance(out.to(at::kDouble), at::matmul(Rounded(a), Rounded(b).t())), 1e-5) << m;
    const at::Tensor turned = at::randn({k, m});
    Bf16Product(turned.t(), b.t(), out);
    EXPECT_LT(Distance(out.to(at::kDouble), at::matmul(Rounded(turned).t(), Rounded(b).t())), 1e-5) << m;
  }
}

TEST(Bf16, LinearRoundsLargeLayersOnly) {
  const auto is_plain = [](int64_t m, int64_t n, int64_t k, Precision precision) {
    const at::Tensor x = at::randn({2, m / 2, k}), w = at::randn({n, k});
    return Linear(x, w, precision).equal(at::linear(x, w));
  };
  EXPECT_FALSE(is_plain(128, 64, 64, Precision::kBf16));
  EXPECT_TRUE(is_plain(128, 64, 64, Precision::kF32));
  EXPECT_TRUE(is_plain(126, 64, 64, Precision::kBf16));
  EXPECT_TRUE(is_plain(128, 63, 64, Precision::kBf16));
  EXPECT_TRUE(is_plain(128, 64, 63, Precision::kBf16));
}

TEST(Bf16, LinearGradientsAreProductsOfRoundedEntries) {
  at::Tensor x = at::randn({3, 64, 96}), w = at::randn({80, 96});
  const at::Tensor g = at::randn({3, 64, 80});
  x.set_requires_grad(true);
  w.set_requires_grad(true);
  Linear(x, w, Precision::kBf16).backward(g);
  const at::Tensor rows = g.reshape({192, 80});
  EXPECT_EQ(w.grad().scalar_type(), at::kFloat);
  EXPECT_LT(Distance(x.grad().reshape({192, 96}).to(at::kDouble), at::matmul(Rounded(rows), Rounded(w))), 1e-5);
  EXPECT_LT(Distance(w.grad().to(at::kDouble), at::matmul(Rounded(rows).t(), Rounded(x.reshape({192, 96})))), 1e-5);
}

Config ConfigOf(const std::string& arch, const std::string& precision) {
  return *ResolveConfig(Value(Value::Object{{"arch", arch},
                                            {"precision", precision},
                                            {"vocab_size", 96},
                                            {"d_model", 64},
                                            {"d_ff", 128},
                                            {"moe_d_ff", 64},
                                            {"n_heads", 4},
                                            {"n_layers", 2},
                                            {"n_experts", 2},
                                            {"seq_len", 96},
                                            {"batch_size", 4},
                                            {"dense_warmup_steps", 0},
                                            {"init_std", 0.2}}));
}

Batch BatchOf(const Config& c) {
  const at::Tensor tokens = at::empty({c.batch_size, c.seq_len}, at::kLong);
  Draws draws({7, Purpose::kAudit, 0, 0});
  for (int64_t i = 0; i < tokens.numel(); ++i)
    tokens.data_ptr<int64_t>()[i] = static_cast<int64_t>(draws.NextBelow(c.vocab_size));
  return {tokens, tokens.roll(-1, 1), {}};
}

// bf16 has 8 significant bits: the loss moves a little, on both paths, and gradients stay float and near.
TEST(Bf16, ModelIsNearFloatAndKeepsItsTypes) {
  for (const std::string arch : {"exp3", "plasa-benchmark"}) {
    for (const bool composite : {false, true}) {
      const ForwardOptions options{.step = 3, .train = true, .composite = composite};
      const Model exact(ConfigOf(arch, "f32"), at::kFloat, at::kCPU),
          rounded(ConfigOf(arch, "bf16"), at::kFloat, at::kCPU);
      const Batch batch = BatchOf(exact.config());
      const Forward a = exact.Run(batch, options), b = rounded.Run(batch, options);
      EXPECT_EQ(b.logits.scalar_type(), at::kFloat);
      EXPECT_NE(a.loss.item<double>(), b.loss.item<double>());
      EXPECT_NEAR(a.loss.item<double>(), b.loss.item<double>(), 0.01 * a.loss.item<double>());
      const auto da = Gradients(exact, a.ce), db = Gradients(rounded, b.ce);
      for (size_t i = 0; i < da.size(); ++i) {
        EXPECT_EQ(db[i].scalar_type(), at::kFloat);
        EXPECT_LE((da[i] - db[i]).norm().item<double>(), 0.2 * da[i].norm().item<double>())
            << exact.parameters()[i].name << " " << arch << (composite ? " composite" : " fused");
      }
    }
  }
}

}  // namespace
}  // namespace plasa::trainer
