#include "analysis/verdict.h"

#include <gtest/gtest.h>

namespace plasa::analysis {
namespace {

// One admitted trial a seed, with val/loss as given.
void AddCell(const std::string& label, int64_t seq_len, const std::vector<double>& losses, std::vector<TrialRecord>* to,
             bool valid = true) {
  for (size_t i = 0; i < losses.size(); ++i) {
    TrialRecord trial;
    trial.label = label;
    trial.seq_len = seq_len;
    trial.seed = i + 1;
    trial.succeeded = trial.admitted = true;
    trial.valid = valid;
    trial.metrics = {{"val/loss", losses[i]}};
    to->push_back(trial);
  }
}

Verdict JudgeOne(const std::vector<TrialRecord>& trials, const std::string& text, const JudgingRules& rules = {}) {
  const auto contrast = ParseContrast(text, "val/loss");
  EXPECT_TRUE(contrast.ok());
  const auto verdicts = Judge(Comparison(trials), {*contrast}, rules);
  EXPECT_EQ(verdicts.size(), 1u);
  return verdicts.front();
}

const std::vector<double> kLow = {1.01, 1.02, 0.98, 1.00, 0.99, 1.03, 0.97, 1.01};
const std::vector<double> kHigh = {1.50, 1.55, 1.42, 1.51, 1.47, 1.60, 1.44, 1.49};

TEST(Judge, LowerLossIsSupportedAndTheOppositeContradicted) {
  std::vector<TrialRecord> trials;
  AddCell("a", 64, kLow, &trials);
  AddCell("b", 64, kHigh, &trials);
  EXPECT_EQ(JudgeOne(trials, "a - b").words, "supported");
  EXPECT_EQ(JudgeOne(trials, "b - a").words, "contradicted");
  EXPECT_EQ(JudgeOne(trials, "a - b", {.larger_is_better = true}).words, "contradicted");
  EXPECT_LT(JudgeOne(trials, "a - b").effect.hi, 0);
}

TEST(Judge, FewSeedsDecideNothing) {
  std::vector<TrialRecord> trials;
  AddCell("a", 64, {1, 1.1, 1, 1, 1, 1, 1}, &trials);
  AddCell("b", 64, {2, 2, 2, 2, 2, 2, 2}, &trials);
  EXPECT_EQ(JudgeOne(trials, "a - b").words, "inconclusive (n too small: 7 seeds)");
}

TEST(Judge, NearlyEqualIsEquivalentAndScatteredInconclusive) {
  std::vector<TrialRecord> trials;
  AddCell("a", 64, kLow, &trials);
  std::vector<double> near = kLow, far = kLow;
  for (size_t i = 0; i < near.size(); ++i) near[i] += i % 2 == 0 ? 0.001 : -0.001;
  for (size_t i = 0; i < far.size(); ++i) far[i] += i % 2 == 0 ? 0.5 : -0.4;
  AddCell("near", 64, near, &trials);
  AddCell("far", 64, far, &trials);
  EXPECT_EQ(JudgeOne(trials, "a - near").words, "equivalent within 0.02");
  EXPECT_TRUE(JudgeOne(trials, "a - far").words.starts_with("inconclusive (MDE 0."))
      << JudgeOne(trials, "a - far").words;
}

TEST(Judge, InvalidAndMissingResultsAreNotTestable) {
  std::vector<TrialRecord> trials;
  AddCell("a", 64, kLow, &trials);
  AddCell("leaky", 64, kHigh, &trials, false);
  EXPECT_EQ(JudgeOne(trials, "a - leaky").words, "not testable (leaky is INVALID)");
  EXPECT_EQ(JudgeOne(trials, "a - absent").words, "not testable (no admitted results of absent)");
  EXPECT_EQ(JudgeOne(trials, "a - a on val/bpb").words, "not testable (no seed has val/bpb on both sides)");
}

TEST(Judge, AFactorNamesTheOneLabelThatHasIt) {
  std::vector<TrialRecord> trials;
  AddCell("explicit_k, selector=indexer", 32, kLow, &trials);
  AddCell("explicit_k, selector=random", 32, kHigh, &trials);
  EXPECT_EQ(JudgeOne(trials, "selector=indexer - selector=random").words, "supported");
  EXPECT_EQ(JudgeOne(trials, "selector=indexer - explicit_k").words,
            "not testable (no admitted results of explicit_k)");
}

TEST(Judge, WithoutResultsSaysSoOnce) {
  EXPECT_EQ(JudgeOne({}, "a - b").words, "not testable (no admitted results of b)");
}

// Two contrasts at two lengths are one family of four: the least p of eight seeds, 2/256, grows fourfold.
TEST(Judge, AdjustsOverAllContrastsAndLengths) {
  std::vector<TrialRecord> trials;
  for (const int64_t length : {64, 256}) {
    AddCell("a", length, kLow, &trials);
    AddCell("b", length, kHigh, &trials);
  }
  const auto verdicts =
      Judge(Comparison(trials), {*ParseContrast("a - b", "val/loss"), *ParseContrast("b - a", "val/loss")}, {});
  ASSERT_EQ(verdicts.size(), 4u);
  EXPECT_EQ(verdicts[1].contrast.seq_len, 256);
  EXPECT_DOUBLE_EQ(verdicts[0].p, 2.0 / 256);
  for (const Verdict& verdict : verdicts) EXPECT_DOUBLE_EQ(verdict.p_adjusted, 8.0 / 256);
}

}  // namespace
}  // namespace plasa::analysis
