// The CPU kernels against plain ATen, in double, on shapes the recorded cases do not have.
#include <ATen/ops/empty.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "common/base/philox.h"
#include "trainer/metrics.h"
#include "trainer/model/model.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {
namespace {

struct Shape {
  int64_t length, heads, kv_heads, width, indexer_heads, indexer_dim, d_ff, experts;
  std::string schedule;
  std::string kl_rows;
  int64_t warm_up;
};

Config ConfigOf(const Shape& s) {
  const auto config = ResolveConfig(Value(Value::Object{{"vocab_size", 40},
                                                        {"seq_len", s.length},
                                                        {"batch_size", 2},
                                                        {"n_layers", 3},
                                                        {"n_heads", s.heads},
                                                        {"n_kv_heads", s.kv_heads},
                                                        {"d_model", s.heads * s.width},
                                                        {"d_ff", s.d_ff},
                                                        {"n_experts", s.experts},
                                                        {"indexer_heads", s.indexer_heads},
                                                        {"indexer_dim", s.indexer_dim},
                                                        {"schedule", s.schedule},
                                                        {"kl_rows", s.kl_rows},
                                                        {"dense_warmup_steps", s.warm_up},
                                                        {"init_std", 0.3}}));
  if (!config) throw std::runtime_error(config.error().what);
  return *config;
}

Batch RandomBatch(const Config& c) {
  const at::Tensor tokens = at::empty({c.batch_size, c.seq_len}, at::kLong);
  Draws draws({7, Purpose::kAudit, 0, 0});
  for (int64_t i = 0; i < tokens.numel(); ++i)
    tokens.data_ptr<int64_t>()[i] = static_cast<int64_t>(draws.NextBelow(40));
  return {tokens, tokens.roll(-1, 1), {}};
}

// Largest difference, relative to the largest entry.
double Distance(const at::Tensor& a, const at::Tensor& b) {
  const double size = b.abs().max().item<double>();
  return (a - b).abs().max().item<double>() / std::max(1e-6, size);
}

const std::vector<Shape> kShapes = {{70, 2, 2, 6, 1, 5, 19, 3, "aggressive_middle", "all", 0},
                                    {129, 4, 1, 10, 3, 12, 7, 4, "uniform_sparse", "sparse_only", 0},
                                    {16, 1, 1, 2, 2, 4, 33, 2, "reverse_progressive", "all", 0},
                                    {65, 4, 2, 16, 2, 16, 48, 5, "progressive_sparse", "all", 5},
                                    {200, 2, 1, 8, 1, 8, 16, 2, "dense_baseline", "all", 0},
                                    // Several blocks of keys.
                                    {1100, 2, 1, 6, 1, 5, 19, 2, "dense_baseline", "all", 0},
                                    {1050, 2, 2, 6, 1, 5, 19, 2, "dense_to_sparse", "sparse_only", 0}};

// A training step both ways: loss, index loss, logits and all gradients.
void ExpectEqualSteps(const Config& config) {
  const Model model(config, at::kDouble, at::kCPU);
  const Batch batch = RandomBatch(config);
  const Forward fused = model.Run(batch, {.step = 3, .train = true}),
                plain = model.Run(batch, {.step = 3, .train = true, .composite = true});
  EXPECT_LT(Distance(fused.logits, plain.logits), 1e-9);
  EXPECT_NEAR(fused.loss.item<double>(), plain.loss.item<double>(), 1e-9);
  EXPECT_NEAR(fused.kl.item<double>(), plain.kl.item<double>(), 1e-9);
  const auto a = Gradients(model, fused.loss), b = Gradients(model, plain.loss);
  for (size_t i = 0; i < a.size(); ++i) EXPECT_LT(Distance(a[i], b[i]), 1e-9) << model.parameters()[i].name;
}

TEST(Fused, LossAndGradientsEqualTheCompositePath) {
  for (const Shape& shape : kShapes) {
    SCOPED_TRACE(shape.length);
    ExpectEqualSteps(ConfigOf(shape));
  }
}

// So few keys that they are picked out one by one.
TEST(Fused, FewKeysOfManyEqualTheCompositePath) {
  for (const char* rows : {"all", "sparse_only"}) {
    Config config = ConfigOf({260, 4, 2, 16, 2, 16, 16, 2, "dense_baseline", rows, 0});
    config.schedule = "explicit_k";
    config.schedule_k = {1, 17, 40};
    ExpectEqualSteps(config);
    config.attn_dropout = 0;
    ExpectEqualSteps(config);
  }
}

// A shape of `shortest` to shortest + 239 positions with layers of k = 1, k = L and one between; `seed` and `i` say
// which.
Config RandomShape(uint64_t seed, uint32_t i, int64_t shortest) {
  Draws draws({seed, Purpose::kAudit, i, 0});
  const auto up_to = [&](uint64_t n) { return 1 + static_cast<int64_t>(draws.NextBelow(n)); };
  const int64_t length = shortest - 1 + up_to(240), group = up_to(3), groups = up_to(2);
  Config config = ConfigOf({length, group * groups, groups, 2 * up_to(17), up_to(3), 4 * up_to(5), up_to(40),
                            1 + up_to(4), "dense_baseline", i % 2 == 0 ? "all" : "sparse_only", 0});
  config.schedule = "explicit_k";
  config.schedule_k = {1, length, up_to(static_cast<uint64_t>(length))};
  if (i % 3 == 0) config.attn_dropout = config.resid_dropout = config.expert_dropout = 0;
  return config;
}

TEST(Fused, RandomShapesEqualTheCompositePath) {
  for (uint32_t i = 0; i < 30; ++i) {
    const Config config = RandomShape(11, i, 2);
    SCOPED_TRACE("shape " + std::to_string(i) + ", length " + std::to_string(config.seq_len));
    ExpectEqualSteps(config);
  }
}

// Attention by blocks; the last may be cut short, and k is seldom a whole number of them.
TEST(Fused, BlocksOfKeysEqualTheCompositePath) {
  for (uint32_t i = 0; i < 30; ++i) {
    Config config = RandomShape(13, i, 41);
    config.selector = Selector::kBlock;
    config.select_block = int64_t{16} << i / 2 % 3;
    if (i % 5 == 1) config.indexer_loss = IndexerLoss::kOff;
    SCOPED_TRACE("shape " + std::to_string(i) + ", length " + std::to_string(config.seq_len));
    ExpectEqualSteps(config);
  }
}

TEST(Fused, StatisticsEqualTheCompositePath) {
  for (const Shape& shape : kShapes) {
    const Config config = ConfigOf(shape);
    const Model model(config, at::kDouble, at::kCPU);
    const Batch batch = RandomBatch(config);
    const auto fused = LayerStatistics(model.Run(batch, {.statistics = true}), config);
    const auto plain = LayerStatistics(model.Run(batch, {.keep_layers = true}), config);
    ASSERT_EQ(fused.size(), plain.size());
    for (size_t i = 0; i < fused.size(); ++i) {
      const auto &a = fused[i].As<Value::Object>(), &b = plain[i].As<Value::Object>();
      ASSERT_EQ(a.size(), b.size());
      for (const auto& [key, value] : b) {
        if (value.IsNumber())
          EXPECT_NEAR(a.at(key).Number(), value.Number(), 1e-9) << key;
        else
          EXPECT_EQ(a.at(key), value) << key;
      }
    }
  }
}

TEST(Fused, SparsePathWithEveryKeyEqualsTheDenseLayer) {
  Shape shape = kShapes[0];
  Config sparse = ConfigOf(shape);
  sparse.schedule = "explicit_k";
  sparse.schedule_k = {sparse.seq_len - 1, sparse.seq_len - 1, sparse.seq_len - 1};
  sparse.attn_dropout = sparse.resid_dropout = sparse.expert_dropout = sparse.router_noise = 0;
  Config dense = sparse;
  dense.schedule_k = {sparse.seq_len, sparse.seq_len, sparse.seq_len};
  // The window is one token shorter than the models' seq_len, so k = L - 1 covers it while the layers keep their
  // indexers.
  Batch batch = RandomBatch(sparse);
  batch = {batch.tokens.narrow(1, 0, sparse.seq_len - 1).contiguous(),
           batch.labels.narrow(1, 0, sparse.seq_len - 1).contiguous(),
           {}};
  const Model a(sparse, at::kDouble, at::kCPU), b(dense, at::kDouble, at::kCPU);
  const Forward forced = a.Run(batch, {.statistics = true, .force_sparse = true});
  EXPECT_TRUE(forced.layers.front().set.defined());  // it did select
  EXPECT_LT(Distance(forced.logits, b.Run(batch, {}).logits), 1e-10);
}

}  // namespace
}  // namespace plasa::trainer
