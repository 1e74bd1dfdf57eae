#include "analysis/verdict.h"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/looks.h"

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

Contrast At(const std::string& text, int64_t seq_len = 64) {
  Contrast contrast = *ParseContrast(text, "val/loss");
  contrast.seq_len = contrast.seq_len.value_or(seq_len);
  return contrast;
}

std::vector<Verdict> JudgeAll(const std::vector<TrialRecord>& trials, const Family& family) {
  return LookedAt(trials, LooksOf({}, trials), 0.05).Judge(family);
}

Verdict JudgeOne(const std::vector<TrialRecord>& trials, const std::string& text, const JudgingRules& rules = {},
                 TestKind test = TestKind::kDifference) {
  const auto verdicts = JudgeAll(trials, {"f", {At(text)}, test, rules});
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

TEST(Judge, ACellThatWasStoppedEarlyIsNotTestableAndSaysSo) {
  std::vector<TrialRecord> trials;
  AddCell("a", 64, kLow, &trials);
  AddCell("b", 64, kHigh, &trials);
  AddCell("b", 256, kHigh, &trials);
  for (TrialRecord& trial : trials) {
    if (trial.label != "b" || trial.seq_len != 64) continue;
    trial.succeeded = trial.admitted = false;
    trial.pruned = true;
  }
  const Verdict verdict = JudgeOne(trials, "a - b");
  EXPECT_EQ(verdict.words, "not testable (b was stopped early)");
  EXPECT_EQ(verdict.finding, Finding::kNotTestable);
}

TEST(Judge, FewSeedsDecideNothing) {
  std::vector<TrialRecord> trials;
  AddCell("a", 64, {1, 1.1, 1, 1, 1, 1, 1}, &trials);
  AddCell("b", 64, {2, 2, 2, 2, 2, 2, 2}, &trials);
  EXPECT_EQ(JudgeOne(trials, "a - b").words, "inconclusive (n too small: run 1 more)");
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

TEST(Judge, ADivergedRunIsNotTestable) {
  std::vector<TrialRecord> trials;
  AddCell("a", 64, kLow, &trials);
  trials.back().metrics["val/loss"] = NAN;
  AddCell("b", 64, kHigh, &trials);
  EXPECT_EQ(JudgeOne(trials, "a - b").words, "not testable (val/loss is not finite for some seed)");
}

TEST(Judge, AFactorNamesTheOneLabelThatHasIt) {
  std::vector<TrialRecord> trials;
  AddCell("explicit_k, selector=indexer", 64, kLow, &trials);
  AddCell("explicit_k, selector=random", 64, kHigh, &trials);
  EXPECT_EQ(JudgeOne(trials, "selector=indexer - selector=random").words, "supported");
  EXPECT_EQ(JudgeOne(trials, "selector=indexer - explicit_k").words,
            "not testable (no admitted results of explicit_k)");
}

TEST(Judge, AnInconclusiveOneSaysHowManySeedsItWants) {
  std::vector<TrialRecord> trials;
  AddCell("a", 64, {1.1, 0.9, 1.2, 0.8, 1.1, 0.9, 1.3, 0.9}, &trials);
  AddCell("b", 64, {1, 1, 1, 1, 1, 1, 1, 1}, &trials);
  const Verdict verdict = JudgeOne(trials, "a - b");
  ASSERT_EQ(verdict.finding, Finding::kInconclusive);
  // n' = ceil((z sd / mean)^2) with the mean .025 and the deviation .17525...: 386 seeds, of which 8 are there.
  EXPECT_EQ(verdict.run_more, 378u);
  EXPECT_EQ(verdict.words, "inconclusive (MDE 0.174: run 378 more)");
}

// a is worse by 0.01 in each seed: not by the margin of 0.02, but by one of 0.005.
TEST(Judge, NonInferiorityHasAMargin) {
  std::vector<TrialRecord> trials;
  AddCell("a", 64, kLow, &trials);
  std::vector<double> better = kLow;
  for (double& loss : better) loss -= 0.01;
  AddCell("b", 64, better, &trials);
  EXPECT_EQ(JudgeOne(trials, "a - b", {}, TestKind::kNonInferiority).words, "supported");
  EXPECT_EQ(JudgeOne(trials, "a - b", {.margin = 0.005}, TestKind::kNonInferiority).words, "contradicted");
  EXPECT_EQ(JudgeOne(trials, "b - a", {.margin = 0.005}, TestKind::kNonInferiority).words, "supported");
  EXPECT_EQ(JudgeOne(trials, "b - a", {.margin = 0.005, .larger_is_better = true}, TestKind::kNonInferiority).words,
            "contradicted");
  EXPECT_EQ(JudgeOne(trials, "a - b", {}, TestKind::kEquivalence).words, "equivalent within 0.02");
  EXPECT_EQ(JudgeOne(trials, "a - b", {.margin = 0.005}, TestKind::kEquivalence).words, "contradicted");
  EXPECT_EQ(JudgeOne(trials, "a - b", {}, TestKind::kIncrease).words, "supported");
  EXPECT_EQ(JudgeOne(trials, "b - a", {}, TestKind::kIncrease).words, "contradicted");
}

TEST(Judge, WithoutResultsSaysSoOnce) {
  EXPECT_EQ(AtLengths({*ParseContrast("a - b", "val/loss")}, Comparison({})).size(), 1u);
  EXPECT_EQ(JudgeOne({}, "a - b").words, "not testable (no admitted results of b)");
}

// Two contrasts at two lengths are one family of four: the least p of eight seeds, 2/256, grows fourfold.
TEST(Judge, AdjustsOverAllContrastsAndLengths) {
  std::vector<TrialRecord> trials;
  for (const int64_t length : {64, 256}) {
    AddCell("a", length, kLow, &trials);
    AddCell("b", length, kHigh, &trials);
  }
  const auto contrasts =
      AtLengths({*ParseContrast("a - b", "val/loss"), *ParseContrast("b - a", "val/loss")}, Comparison(trials));
  const auto verdicts = JudgeAll(trials, {"f", contrasts, TestKind::kDifference, {}});
  ASSERT_EQ(verdicts.size(), 4u);
  EXPECT_EQ(verdicts[1].contrast.seq_len, 256);
  EXPECT_DOUBLE_EQ(verdicts[0].p, 2.0 / 256);
  for (const Verdict& verdict : verdicts) EXPECT_DOUBLE_EQ(verdict.p_adjusted, 8.0 / 256);
}

// Fifteen tests want ten seeds: with nine the least p, 2/512, would grow to .0586.
TEST(Judge, AFamilyOfManyWantsMoreSeeds) {
  std::vector<TrialRecord> trials;
  std::vector<double> low = kLow, high = kHigh;
  low.push_back(1.0);
  high.push_back(1.5);
  AddCell("a", 64, low, &trials);
  AddCell("b", 64, high, &trials);
  const std::vector<Contrast> five(5, At("a - b")), fifteen(15, At("a - b"));
  EXPECT_EQ(JudgeAll(trials, {"f", five, TestKind::kDifference, {}}).front().words, "supported");
  EXPECT_EQ(JudgeAll(trials, {"f", fifteen, TestKind::kDifference, {}}).front().words,
            "inconclusive (n too small: run 1 more)");
}

}  // namespace
}  // namespace plasa::analysis
