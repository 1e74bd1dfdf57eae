#include "cli/drill/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/output/json_text.h"

namespace plasa::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Outcome TwoTrials() { return {"", {{"a", "succeeded", true, 3, 2, {}}, {"b", "succeeded", true, 1, 0, {}}}}; }

Judgement Equal() {
  Judgement judgement;
  judgement.points = 10;
  judgement.table_equal = true;
  return judgement;
}

std::string CellOf(const View& view, const std::string& row) {
  for (const auto& cells : view.table.rows) {
    if (cells[0].text == row) return cells[1].text;
  }
  return "no such row";
}

TEST(Summary, AllEqual) {
  Summary summary;
  summary.seed = 7;
  summary.faults = {{FaultKind::kKillShim, 2}, {FaultKind::kDrainWorker, 1}};
  summary.Add(TwoTrials(), Equal());
  summary.Add(TwoTrials(), Equal());
  EXPECT_TRUE(summary.ok());
  const View view = SummaryView(summary);
  EXPECT_EQ(CellOf(view, "rounds"), "2");
  EXPECT_EQ(CellOf(view, "faults"), "3");
  EXPECT_EQ(CellOf(view, "  kill shim"), "2");
  EXPECT_EQ(CellOf(view, "attempts"), "8");
  EXPECT_EQ(CellOf(view, "  resumed from a checkpoint"), "4");
  EXPECT_EQ(CellOf(view, "results equal"), "2 of 2");
  EXPECT_EQ(CellOf(view, "points"), "20");
  EXPECT_THAT(view.after, HasSubstr("plasactl drill --seed 7 --rounds 2"));
  EXPECT_EQ(JsonText(view.json),
            R"({"v":1,"ok":true,"seed":7,"rounds":2,"equal":2,"trials":4,"attempts":8,"resumed":4,)"
            R"("points":{"expected":20,"lost":0,"doubled":0,"changed":0},)"
            R"("faults":{"kill shim":2,"drain worker":1},"seconds":0,"differences":[],"evidence":null})");
}

TEST(Summary, ADifferenceNamesRoundSeedAndEvidence) {
  Summary summary;
  summary.seed = 7;
  summary.Add(TwoTrials(), Equal());
  Judgement lossy = Equal();
  lossy.lost = 2;
  lossy.sentences = {"trial a: 2 points lost"};
  summary.Add(TwoTrials(), lossy);
  summary.evidence = "/tmp/plasa-drill-x";
  EXPECT_FALSE(summary.ok());
  EXPECT_THAT(summary.differences, ElementsAre("round 2: trial a: 2 points lost"));
  const View view = SummaryView(summary);
  EXPECT_EQ(CellOf(view, "results equal"), "1 of 2");
  EXPECT_EQ(CellOf(view, "  lost"), "2");
  for (const char* part : {"differ", "round 2: trial a", "/tmp/plasa-drill-x", "--seed 7 --rounds 2"}) {
    EXPECT_THAT(view.after, HasSubstr(part));
  }
  EXPECT_EQ(view.json.at("evidence").as_string(), "/tmp/plasa-drill-x");
}

TEST(Summary, ARoundThatNeverEndedIsADifference) {
  Summary summary;
  summary.AddBroken("the coordinator did not start");
  EXPECT_FALSE(summary.ok());
  EXPECT_THAT(summary.differences, ElementsAre("round 1: the coordinator did not start"));
}

TEST(Summary, NothingProvesNothing) { EXPECT_FALSE(Summary().ok()); }

}  // namespace
}  // namespace plasa::cli
