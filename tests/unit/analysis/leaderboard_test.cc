#include "analysis/leaderboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace plasa::analysis {
namespace {

TrialRecord Trial(uint64_t seed, double loss, Value::Object keys) {
  TrialRecord trial;
  trial.params = std::move(keys);
  trial.params.try_emplace("preset", kBenchmarkPreset);
  trial.params["seed"] = static_cast<int64_t>(seed);
  trial.seed = seed;
  trial.data = Value::Object{{"corpus", "kjv"}};
  trial.succeeded = trial.admitted = true;
  trial.metrics = {{"val/loss", loss}, {kTimePerStep, 0.1 * static_cast<double>(seed)}};
  return trial;
}

TEST(Leaderboard, RanksConfigurationsByTheirScoreOverSeeds) {
  std::vector<TrialRecord> trials;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    trials.push_back(Trial(seed, 4 + 0.01 * static_cast<double>(seed), {{"schedule", "uniform_sparse"}}));
    trials.push_back(
        Trial(seed, 3 + 0.01 * static_cast<double>(seed), {{"schedule", "dense_baseline"}, {"lr", 0.001}}));
  }
  const auto boards = BoardsOf(trials);
  ASSERT_EQ(boards.size(), 1u);
  EXPECT_EQ(boards[0].seq_len, 128);
  EXPECT_EQ(boards[0].batch_size, 2);
  ASSERT_EQ(boards[0].entries.size(), 2u);
  const BoardEntry& best = boards[0].entries[0];
  EXPECT_EQ(best.label, "dense_baseline, lr=0.001");
  EXPECT_EQ(boards[0].entries[1].label, "uniform_sparse");
  EXPECT_EQ(best.score.n, 4u);
  EXPECT_NEAR(best.loss, 3.025, 1e-12);
  EXPECT_NEAR(best.score.mean, (std::exp(-3.01) + std::exp(-3.02) + std::exp(-3.03) + std::exp(-3.04)) / 4, 1e-12);
  EXPECT_LT(best.score.lo, best.score.mean);
  EXPECT_GT(best.score.hi, best.score.mean);
  EXPECT_GT(best.score.lo, boards[0].entries[1].score.hi);
  EXPECT_NEAR(best.step_s, 0.3, 1e-12);
}

TEST(Leaderboard, OtherBudgetsAndOtherDataAreOtherBoards) {
  TrialRecord other_data = Trial(1, 2, {});
  other_data.data = Value::Object{{"corpus", "sotu"}};
  const auto boards = BoardsOf({Trial(1, 3, {{"steps", 10}}), Trial(1, 3, {}), Trial(1, 3, {{"lr", 0.1}}), other_data});
  ASSERT_EQ(boards.size(), 3u);
  EXPECT_EQ(boards[0].entries.size(), 2u);  // the most first
  EXPECT_EQ(boards[0].steps, 1000);
}

TEST(Leaderboard, LeavesOutWhatDoesNotCount) {
  std::vector<TrialRecord> trials(6, Trial(1, 3, {}));
  trials[0].admitted = false;
  trials[1].valid = false;
  trials[2].succeeded = false;
  trials[3].params["preset"] = "exp3";
  trials[4].metrics["val/loss"] = std::nan("");
  trials[5].params["lr"] = "fast";  // no configuration
  EXPECT_TRUE(BoardsOf(trials).empty());
  EXPECT_EQ(BoardsValue({}).CanonicalJson(), R"({"boards":[],"v":1})");
}

TEST(Leaderboard, SaysWhatItKnowsAsOneValue) {
  TrialRecord trial = Trial(3, 0, {{"schedule", "dense_baseline"}});
  trial.metrics.erase(kTimePerStep);
  EXPECT_EQ(BoardsValue(BoardsOf({trial})).CanonicalJson(),
            R"({"boards":[{"batch_size":2,"data":{"corpus":"kjv"},"entries":[{"label":"dense_baseline","loss":0,)"
            R"("params":{"preset":"plasa-benchmark","schedule":"dense_baseline"},"ppl":1,"rank":1,)"
            R"("score":{"hi":1,"lo":1,"mean":1},"seeds":1,"time_per_step":null}],"seq_len":128,"steps":1000}],"v":1})");
}

}  // namespace
}  // namespace plasa::analysis
