#include "cli/report/records.h"

#include <gtest/gtest.h>

#include <cmath>

#include "results_fixture.h"

namespace plasa::cli {
namespace {

TEST(RunRecords, TakesFinalMetricsFromTheResult) {
  plasa::v1::GetResultsReply results;
  AddResult(&results, "dense_baseline", 64, 3, 2.5);
  const auto runs = RunRecords(results);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].trial.label, "dense_baseline");
  EXPECT_EQ(runs[0].trial.seq_len, 64);
  EXPECT_EQ(runs[0].trial.seed, 3u);
  EXPECT_EQ(runs[0].trial.metrics.at("val/loss"), 2.5);
  EXPECT_EQ(runs[0].trial.metrics.at(analysis::kTimePerStep), 0.05);
}

TEST(RunRecords, OtherFactorsJoinTheLabel) {
  plasa::v1::GetResultsReply results;
  auto* trial = AddResult(&results, "dense_baseline", 64, 1, 2.5)->mutable_trial();
  trial->set_cell("{\"lr\":0.01,\"schedule\":\"dense_baseline\",\"seq_len\":64}");
  EXPECT_EQ(RunRecords(results)[0].trial.label, "dense_baseline, lr=0.01");
}

TEST(RunRecords, ATrainerWithoutRecord) {
  plasa::v1::GetResultsReply results;
  auto* result = AddResult(&results, "x", 64, 1, 2.5);
  result->set_result_json("");
  result->mutable_trial()->set_params_json("{\"lr\":1}");
  result->mutable_trial()->set_cell("{}");
  auto* metric = result->mutable_trial()->add_metrics();
  metric->set_name("val/loss");
  metric->set_value(7);
  const auto runs = RunRecords(results);
  EXPECT_EQ(runs[0].trial.label, "run");
  EXPECT_EQ(runs[0].trial.metrics.at("val/loss"), 7);
  EXPECT_EQ(runs[0].record.at("val_loss").as_double(), 7);
}

TEST(RunRecords, NonFiniteMetricsAreTexts) {
  plasa::v1::GetResultsReply results;
  AddResult(&results, "x", 64, 1, 1)->set_result_json("{\"metrics\":{\"val/loss\":\"NaN\"}}");
  EXPECT_TRUE(std::isnan(RunRecords(results)[0].trial.metrics.at("val/loss")));
}

TEST(FileSlug, NeverLeavesTheDirectory) {
  EXPECT_EQ(FileSlug("dense_baseline, lr=0.01"), "dense_baseline-lr-0.01");
  EXPECT_EQ(FileSlug("../../etc/passwd"), "run..-..-etc-passwd");
  EXPECT_EQ(FileSlug(""), "run");
  const std::string longest(150, 'x'), longer = longest + "x";
  EXPECT_EQ(FileSlug(longest), longest);
  EXPECT_EQ(FileSlug(longer).size(), 150u);
  EXPECT_NE(FileSlug(longer), FileSlug(longer + "x"));
}

}  // namespace
}  // namespace plasa::cli
