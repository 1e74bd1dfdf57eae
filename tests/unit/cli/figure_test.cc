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
  const std::string script = FigureScript(Compare(SmallSweep(1)), {"demo"});
  for (const char* title : {"a  val/loss", "b  accuracy", "c  time per step", "d  val/loss at L = 256",
                            "e  val/loss improvement over uniform_sparse", "f  validation accuracy"}) {
    EXPECT_THAT(script, HasSubstr(title));
  }
  EXPECT_THAT(script, HasSubstr("title 'dense_baseline'"));
  EXPECT_THAT(script, HasSubstr("one seed: no intervals"));
  EXPECT_THAT(script, Not(HasSubstr("INVALID")));
}

TEST(FigureScript, InvalidRunsAreMarkedOnEveryPanel) {
  const std::string script = FigureScript(Compare(SmallSweep(1, false)), {"demo"});
  size_t marks = 0;
  for (size_t at = script.find("set label 99 'INVALID'"); at != std::string::npos;
       at = script.find("set label 99 'INVALID'", at + 1)) {
    ++marks;
  }
  EXPECT_EQ(marks, 6u);
}

TEST(FigureScript, IntervalsOnlyWithSeveralSeeds) {
  EXPECT_THAT(FigureScript(Compare(SmallSweep(1)), {"demo"}), Not(HasSubstr("with vectors")));
  EXPECT_THAT(FigureScript(Compare(SmallSweep(3)), {"demo"}), HasSubstr("with vectors"));
}

TEST(FigureScript, ImprovementIsSignedByTheGoal) {
  const auto comparison = Compare(SmallSweep(1));
  const auto series = SeriesOf(comparison);
  // dense 1.6 against uniform 2.1: 23.8 % lower.
  EXPECT_THAT(ImprovementPanel(comparison, series, "uniform_sparse", "val/loss", true), HasSubstr(" 23.80952381 "));
  EXPECT_THAT(ImprovementPanel(comparison, series, "uniform_sparse", "val/loss", false), HasSubstr(" -23.80952381 "));
  EXPECT_THAT(ImprovementPanel(comparison, series, "absent", "val/loss", true), HasSubstr("needs trials of absent"));
}

TEST(GnuplotQuote, NothingIsInterpreted) { EXPECT_EQ(GnuplotQuote("it's `rm -rf` \n\x1b"), "'it''s rm -rf  '"); }

}  // namespace
}  // namespace plasa::cli
