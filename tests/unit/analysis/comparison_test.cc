#include "analysis/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plasa::analysis {
namespace {

TrialRecord Trial(const std::string& label, int64_t length, uint64_t seed, double loss) {
  TrialRecord trial;
  trial.id = label + std::to_string(length) + std::to_string(seed);
  trial.label = label;
  trial.seq_len = length;
  trial.seed = seed;
  trial.succeeded = true;
  trial.admitted = true;
  trial.metrics["val/loss"] = loss;
  return trial;
}

TEST(Comparison, GroupsSeedsIntoCells) {
  const Comparison comparison({Trial("uniform_sparse", 64, 1, 2.0), Trial("uniform_sparse", 64, 2, 3.0)});
  const Cell* cell = comparison.Find("uniform_sparse", 64);
  ASSERT_NE(cell, nullptr);
  EXPECT_EQ(cell->Of("val/loss").n, 2u);
  EXPECT_DOUBLE_EQ(cell->Of("val/loss").mean, 2.5);
  EXPECT_EQ(cell->Of("val/accuracy").n, 0u);
  EXPECT_EQ(comparison.Find("uniform_sparse", 256), nullptr);
}

TEST(Comparison, LabelsInTheOrderOfTheExperiment) {
  const Comparison comparison({Trial("zebra", 64, 1, 1), Trial("reverse_progressive", 64, 1, 1),
                               Trial("dense_baseline", 1024, 1, 1), Trial("uniform_sparse, lr=1", 64, 1, 1)});
  EXPECT_THAT(comparison.labels(),
              testing::ElementsAre("dense_baseline", "uniform_sparse, lr=1", "reverse_progressive", "zebra"));
  EXPECT_THAT(comparison.lengths(), testing::ElementsAre(64, 1024));
}

TEST(Comparison, LeavesOutWhatWasNotAdmitted) {
  TrialRecord failed = Trial("dense_baseline", 64, 1, 1);
  failed.succeeded = false;
  TrialRecord quarantined = Trial("dense_baseline", 64, 2, 1);
  quarantined.admitted = false;
  EXPECT_TRUE(Comparison({failed, quarantined}).labels().empty());
}

TEST(Comparison, OneInvalidTrialMarksItsCell) {
  TrialRecord invalid = Trial("dense_baseline", 64, 1, 1);
  invalid.valid = false;
  const Comparison comparison({invalid, Trial("uniform_sparse", 64, 1, 1)});
  EXPECT_FALSE(comparison.AllValid());
  EXPECT_TRUE(comparison.Find("uniform_sparse", 64)->valid);
}

TEST(PairedDeltas, OnlySeedsThatBothHave) {
  const Comparison comparison(
      {Trial("a", 64, 1, 1.0), Trial("a", 64, 3, 5.0), Trial("b", 64, 3, 2.0), Trial("b", 64, 4, 9)});
  EXPECT_THAT(PairedDeltas(*comparison.Find("a", 64), *comparison.Find("b", 64), "val/loss"),
              testing::ElementsAre(3.0));
  EXPECT_TRUE(PairedDeltas(*comparison.Find("a", 64), *comparison.Find("b", 64), "none").empty());
}

TEST(ImprovementPercent, IsPositiveWhereTheLossIsLower) {
  const Comparison comparison({Trial("a", 64, 1, 1.5), Trial("uniform_sparse", 64, 1, 2.0)});
  const Estimate estimate =
      ImprovementPercent(*comparison.Find("a", 64), *comparison.Find("uniform_sparse", 64), "val/loss");
  EXPECT_EQ(estimate.n, 1u);
  EXPECT_DOUBLE_EQ(estimate.mean, 25);
}

}  // namespace
}  // namespace plasa::analysis
