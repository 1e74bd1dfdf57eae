#include "trainer/audit/gradient_coverage.h"

#include <ATen/ops/zeros_like.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trainer/audit/canary.h"
#include "trainer/audit/tiny.h"

namespace plasa::trainer {
namespace {

using ::testing::HasSubstr;

Config TinyConfig(Value::Object keys = {}) { return TinyCopy(*ResolveConfig(Value(std::move(keys)))); }

// A run that can lose gradients on the way.
struct Watched {
  explicit Watched(const Config& c, int64_t steps = GradientCoverage::kSteps) : run(c), coverage(run.model, steps) {}

  // `count` steps; of the parameter called `lost` no gradient arrives.
  void Train(int64_t count, const std::string& lost = "") {
    for (; count > 0; --count) {
      const Batch batch = CanaryBatch(run.config, run.adam.steps() * run.config.batch_size, 0);
      const Forward f = run.model.Run(batch, {.step = run.adam.steps(), .train = true, .keep_logits = false});
      auto gradients = Gradients(run.model, f.loss);
      for (size_t i = 0; i < gradients.size(); ++i) {
        if (run.model.parameters()[i].name == lost) gradients[i] = at::zeros_like(gradients[i]);
      }
      coverage.Add(batch, f, gradients);
      (void)run.adam.Step(std::move(gradients));
    }
  }

  TinyTraining run;
  GradientCoverage coverage;
};

TEST(GradientCoverage, PassesWhereEverythingIsReached) {
  Watched w(TinyConfig());
  w.Train(19);
  EXPECT_FALSE(w.coverage.IsComplete());
  w.Train(1);
  EXPECT_TRUE(w.coverage.IsComplete());
  const AuditResult result = w.coverage.Result();
  EXPECT_TRUE(result.passed) << result.message;
  EXPECT_EQ(result.number, 6);
  EXPECT_THAT(result.message, HasSubstr("in 20 steps: none; unseen tokens: 0; unrouted experts: none"));
}

TEST(GradientCoverage, ARunOfFewStepsIsJudgedByThose) {
  Watched w(TinyConfig(), 3);
  w.Train(3);
  EXPECT_TRUE(w.coverage.IsComplete());
}

TEST(GradientCoverage, NamesAndCountsWhatNothingReaches) {
  Watched w(TinyConfig());
  const std::string lost = "blocks.1.attention.indexer.k_proj.weight";
  w.Train(20, lost);
  const AuditResult result = w.coverage.Result();
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.figure, static_cast<double>(w.run.model.Find(lost)->numel()));
  EXPECT_THAT(result.message, HasSubstr("in 20 steps: " + lost + ";"));
}

TEST(GradientCoverage, OneGradientIsEnough) {
  Watched w(TinyConfig());
  const std::string late = "blocks.1.attention.indexer.k_proj.weight";
  w.Train(19, late);
  w.Train(1);
  EXPECT_TRUE(w.coverage.Result().passed);
}

TEST(GradientCoverage, CountsEmbeddingsOfTokensAtTargets) {
  Watched w(TinyConfig());
  const Config& c = w.run.config;
  Batch batch = CanaryBatch(c, 0, 0);
  batch.tokens.remainder_(8);  // tokens 0 to 7
  batch.tokens.select(1, 5).fill_(9);
  batch.labels.select(1, 5).fill_(kIgnoredLabel);  // 9 stands where nothing is asked
  Forward f = w.run.model.Run(batch, {.train = true, .keep_logits = false});
  auto gradients = Gradients(w.run.model, f.loss);
  gradients.front().select(0, 9).zero_();
  w.coverage.Add(batch, f, gradients);
  EXPECT_TRUE(w.coverage.Result().passed);
  EXPECT_THAT(w.coverage.Result().message, HasSubstr("unseen tokens: 56;"));
  gradients.front().select(0, 3).zero_();
  GradientCoverage without(w.run.model, 1);
  without.Add(batch, f, gradients);
  EXPECT_EQ(without.Result().figure, 1);
}

TEST(GradientCoverage, ExpertsWithoutATokenAreListedAndNotCounted) {
  Watched w(TinyConfig());
  const Batch batch = CanaryBatch(w.run.config, 0, 0);
  Forward f = w.run.model.Run(batch, {.train = true, .keep_logits = false});
  auto gradients = Gradients(w.run.model, f.loss);
  const std::string expert = "blocks.1.feed_forward.experts.2.";
  for (size_t i = 0; i < gradients.size(); ++i) {
    if (w.run.model.parameters()[i].name.starts_with(expert)) gradients[i].zero_();
  }
  w.coverage.Add(batch, f, gradients);
  EXPECT_FALSE(w.coverage.Result().passed);  // it had tokens
  f.expert_load[1][2] = 0;
  GradientCoverage idle(w.run.model, 1);
  idle.Add(batch, f, gradients);
  EXPECT_TRUE(idle.Result().passed);
  EXPECT_THAT(idle.Result().message, HasSubstr("unrouted experts: " + expert));
}

TEST(GradientCoverage, AnIndexerThatIsNotToBeTrainedIsNotOwed) {
  for (const char* key : {"frozen", "off"}) {
    const bool frozen = std::string(key) == "frozen";
    Watched w(TinyConfig({{frozen ? "selector" : "indexer_loss", key}}));
    w.Train(20);
    EXPECT_TRUE(w.coverage.Result().passed) << key << w.coverage.Result().message;
  }
  Watched hidden(TinyConfig({{"ref_freeze_indexer", true}}));
  hidden.Train(20);
  EXPECT_FALSE(hidden.coverage.Result().passed);
}

TEST(GradientCoverage, GoesOnFromACheckpointAsIfNothingHappened) {
  const std::string lost = "blocks.0.attention.indexer.q_proj.weight";
  Watched whole(TinyConfig()), later(TinyConfig());
  whole.Train(7, lost);
  ASSERT_EQ(later.coverage.Restore(whole.coverage.ToValue()), std::nullopt);
  EXPECT_EQ(later.coverage.ToValue(), whole.coverage.ToValue());
  later.run.adam.set_steps(7);
  whole.Train(13);
  later.Train(13);
  EXPECT_EQ(later.coverage.Result().message, whole.coverage.Result().message);
}

TEST(GradientCoverage, RefusesWhatItDidNotWrite) {
  Watched w(TinyConfig());
  w.Train(2);
  const Value good = w.coverage.ToValue();
  const auto with = [&](const char* key, Value value) {
    Value::Object object = good.As<Value::Object>();
    object[key] = std::move(value);
    return Value(std::move(object));
  };
  for (const Value& bad : {Value(), Value("text"), Value(Value::Object{}), with("steps", -1), with("steps", 21),
                           with("steps", "2"), with("reached", 3), with("tokens_seen", Value::List{64}),
                           with("tokens_owed", Value::List{-1}), with("tokens_seen", Value::List{"a"}),
                           with("expert_load", Value::List{Value::List{1}}), with("expert_load", 1)}) {
    EXPECT_TRUE(w.coverage.Restore(bad)) << bad.CanonicalJson();
  }
  EXPECT_EQ(w.coverage.ToValue(), good);
}

}  // namespace
}  // namespace plasa::trainer
