// Long windows train without a float for every pair of positions (spec 2, presets long-*).
#include <ATen/ops/arange.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "trainer/metrics.h"
#include "trainer/model/model.h"
#include "trainer/optimiser.h"
#include "trainer/peak_memory.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kLength = 4096, kLayers = 2;
constexpr int64_t kPairBytes = kLength * kLength * 4;  // a float for every pair, once

// A long preset in shape, with little of all that grows with L alone.
Config Long(int64_t length) {
  return *ResolveConfig(Value(Value::Object{{"preset", "long-4k"},
                                            {"seq_len", length},
                                            {"n_layers", kLayers},
                                            {"schedule_k", Value::List(kLayers, Value(32))},
                                            {"d_model", 8},
                                            {"n_heads", 2},
                                            {"d_ff", 8},
                                            {"n_experts", 2},
                                            {"indexer_heads", 1},
                                            {"indexer_dim", 4},
                                            {"dense_warmup_steps", 1}}));
}

// A step with all keys, a step with chosen keys, and an evaluation.
void UseOnce(const Config& config) {
  const Model model(config, at::kFloat, at::kCPU);
  Adam adam(model);
  const at::Tensor tokens = at::arange(config.seq_len, at::kLong).remainder(config.vocab_size).unsqueeze(0);
  const Batch batch{tokens, tokens.roll(-1, 1), {}};
  for (int64_t step = 0; step < 2; ++step) {
    const Forward forward = model.Run(batch, {.step = step, .train = true, .keep_logits = false});
    (void)adam.Step(Gradients(model, forward.loss));
  }
  (void)LayerStatistics(model.Run(batch, {.keep_logits = false, .statistics = true}), config);
}

// In a process of its own: what a long window needs beyond a short one stays below half of one tensor of pairs.
[[noreturn]] void MeasureAndExit() {
  PrepareProcess(1);
  UseOnce(Long(64));
  const int64_t before = PeakMemoryBytes();
  UseOnce(Long(kLength));
  const int64_t grown = PeakMemoryBytes() - before;
  std::fprintf(stderr, "grown by %lld bytes\n", static_cast<long long>(grown));
  std::exit(grown > 0 && grown < kPairBytes / 2 ? 0 : 1);
}

TEST(Memory, LongWindowsNeedNoFloatForEveryPair) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers keep freed memory";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(MeasureAndExit(), testing::ExitedWithCode(0), "grown by");
}

}  // namespace
}  // namespace plasa::trainer
