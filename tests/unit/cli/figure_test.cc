#include "cli/report/figure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/report/figure_panels.h"
#include "cli/report/records.h"
#include "results_fixture.h"

namespace plasa::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

analysis::Comparison Compare(const plasa::v1::GetResultsReply& results) {
  std::vector<analysis::TrialRecord> trials;
  for (const RunRecord& run : RunRecords(results)) trials.push_back(run.trial);
  return analysis::Comparison(trials);
}

TEST(FigureScript, HasSixPanelsAndALegend) {
  const std::string script = FigureScript(Compare(SmallSweep(1)), {"demo", {}});
  for (const char* title : {"a  val/loss", "b  accuracy", "c  time per step", "d  val/loss at L = 256",
                            "e  val/loss improvement over uniform_sparse", "f  validation accuracy"}) {
    EXPECT_THAT(script, HasSubstr(title));
  }
  EXPECT_THAT(script, HasSubstr("title 'dense_baseline'"));
  EXPECT_THAT(script, HasSubstr("one seed: no intervals"));
  EXPECT_THAT(script, Not(HasSubstr("INVALID")));
}

size_t Marks(const std::string& script) {
  const std::string mark = "set label 99 'INVALID'";
  size_t marks = 0;
  for (size_t at = script.find(mark); at != std::string::npos; at = script.find(mark, at + 1)) ++marks;
  return marks;
}

TEST(FigureScript, InvalidRunsAreMarkedOnEveryPanel) {
  EXPECT_EQ(Marks(FigureScript(Compare(SmallSweep(1, false)), {"demo", {}})), 6u);
}

TEST(FigureScript, IntervalsOnlyWithSeveralSeeds) {
  EXPECT_THAT(FigureScript(Compare(SmallSweep(1)), {"demo", {}}), Not(HasSubstr("with vectors")));
  EXPECT_THAT(FigureScript(Compare(SmallSweep(3)), {"demo", {}}), HasSubstr("with vectors"));
}

TEST(FigureScript, ImprovementIsSignedByTheGoal) {
  const auto comparison = Compare(SmallSweep(1));
  const auto series = SeriesOf(comparison, {});
  // dense 1.6 against uniform 2.1: 23.8 % lower.
  EXPECT_THAT(ImprovementPanel(comparison, series, "uniform_sparse", {"val/loss", true}), HasSubstr(" 23.80952381 "));
  EXPECT_THAT(ImprovementPanel(comparison, series, "uniform_sparse", {"val/loss", false}), HasSubstr(" -23.80952381 "));
  EXPECT_THAT(ImprovementPanel(comparison, series, "absent", {"val/loss", true}), HasSubstr("needs trials of absent"));
}

plasa::v1::GetResultsReply ManyLabels(int labels) {
  plasa::v1::GetResultsReply results;
  for (int i = 0; i < labels; ++i) AddResult(&results, absl::StrCat("s", 100 + i), 64, 1, 3.0 - 0.01 * i);
  AddResult(&results, "uniform_sparse", 64, 1, 9.0);
  return results;
}

TEST(FigureScript, OfManyLabelsTheBestAreDrawnAndNumbered) {
  const auto comparison = Compare(ManyLabels(30));
  const std::vector<Series> series = SeriesOf(comparison, {});
  ASSERT_EQ(series.size(), kMostSeries);
  EXPECT_EQ(series.front().label, "uniform_sparse");  // however bad: the others are measured from it
  EXPECT_EQ(series[1].label, "s119");                 // of s100 ... s129 the last eleven are the best
  EXPECT_EQ(series.back().number, "12");
  const std::string script = FigureScript(comparison, {"many", {}});
  EXPECT_THAT(script, HasSubstr("title '12  s129'"));
  EXPECT_THAT(script, HasSubstr("(19 more in report.html)"));
}

TEST(FigureScript, SchedulesAreDrawnBeforeTheirControls) {
  auto results = ManyLabels(11);
  for (int i = 0; i < 9; ++i) AddResult(&results, absl::StrCat("s100, schedule_perm=", i), 64, 1, 0.5);
  for (const Series& series : SeriesOf(Compare(results), {})) EXPECT_THAT(series.label, Not(HasSubstr(", ")));
}

TEST(FigureScript, ValidResultsAreDrawnBeforeBetterInvalidOnes) {
  auto results = ManyLabels(20);
  AddResult(&results, "leaky", 64, 1, 0.01, false);
  const auto comparison = Compare(results);
  for (const Series& series : SeriesOf(comparison, {})) EXPECT_NE(series.label, "leaky");
  EXPECT_THAT(FigureScript(comparison, {"many", {}}), Not(HasSubstr("label 99 'INVALID'")));
}

TEST(FigureScript, LongLabelsGetALegendOfMoreRows) {
  auto results = SmallSweep(1);
  for (int i = 0; i < 6; ++i) AddResult(&results, std::string(200, 'x') + std::to_string(i), 64, 1, 2);
  const std::string script = FigureScript(Compare(results), {"long", {}});
  EXPECT_THAT(script, HasSubstr("maxrows 4 maxcols 2"));
  EXPECT_THAT(script, Not(HasSubstr(std::string(61, 'x'))));
}

TEST(FigureScript, OnlyPanelsWithInvalidRunsAreMarked) {
  auto results = SmallSweep(1);
  AddResult(&results, "leaky", 64, 1, 0.5, false);  // the bars are of L = 256
  EXPECT_EQ(Marks(FigureScript(Compare(results), {"demo", {}})), 5u);
}

TEST(BaselineOf, OtherFactorsStay) {
  EXPECT_EQ(BaselineOf("progressive_sparse", "uniform_sparse"), "uniform_sparse");
  EXPECT_EQ(BaselineOf("progressive_sparse, lr=0.1, k=2", "uniform_sparse"), "uniform_sparse, lr=0.1, k=2");
}

TEST(BaselineOf, WhatMakesASchedulesControlsIsNoOtherFactor) {
  EXPECT_EQ(BaselineOf("matched_uniform, lr=0.1, schedule_match=progressive_sparse", "uniform_sparse"),
            "uniform_sparse, lr=0.1");
  EXPECT_EQ(BaselineOf("progressive_sparse, schedule_perm=LEM", "uniform_sparse"), "uniform_sparse");
}

TEST(GnuplotQuote, NothingIsInterpreted) { EXPECT_EQ(GnuplotQuote("it's `rm -rf` \n\x1b"), "'it''s rm -rf  '"); }

}  // namespace
}  // namespace plasa::cli
