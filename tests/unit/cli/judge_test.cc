#include "cli/drill/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace plasa::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Outcome Quiet() {
  Outcome outcome;
  outcome.table = "trial,val/loss\na,3.5\nb,3.25\n";
  for (const char* id : {"a", "b"}) {
    outcome.trials.push_back({id, "succeeded", true, 1, 0, {{"lr", 1, 0.5}, {"lr", 2, 0.25}, {"val/loss", 2, NAN}}});
  }
  return outcome;
}

TEST(Judge, MoreAttemptsAreNoDifference) {
  Outcome found = Quiet();
  found.trials[0].attempts = 5;
  found.trials[0].resumed = 4;
  std::swap(found.trials[0], found.trials[1]);
  const Judgement judgement = Judge(Quiet(), found);
  EXPECT_TRUE(judgement.equal());
  EXPECT_TRUE(judgement.table_equal);
  EXPECT_EQ(judgement.points, 6u);
  EXPECT_THAT(judgement.sentences, IsEmpty());
}

TEST(Judge, AnotherTable) {
  Outcome found = Quiet();
  found.table.back() = ' ';
  const Judgement judgement = Judge(Quiet(), found);
  EXPECT_FALSE(judgement.table_equal);
  EXPECT_THAT(judgement.sentences, ElementsAre("results.csv is not that of the quiet run"));
}

TEST(Judge, LostPoints) {
  Outcome found = Quiet();
  found.trials[1].points.erase(found.trials[1].points.begin() + 1, found.trials[1].points.end());
  const Judgement judgement = Judge(Quiet(), found);
  EXPECT_EQ(judgement.lost, 2u);
  EXPECT_THAT(judgement.sentences, ElementsAre("trial b: 2 points lost, the first is lr at step 2"));
}

TEST(Judge, DoubledPoints) {
  Outcome found = Quiet();
  found.trials[0].points.push_back({"lr", 2, 0.25});
  found.trials[0].points.push_back({"lr", 3, 0.125});
  const Judgement judgement = Judge(Quiet(), found);
  EXPECT_EQ(judgement.doubled, 2u);
  EXPECT_EQ(judgement.lost, 0u);
  EXPECT_THAT(judgement.sentences, ElementsAre("trial a: 2 points too many, the first is lr at step 2"));
}

TEST(Judge, ChangedPointsToTheLastBit) {
  Outcome found = Quiet();
  found.trials[0].points[1].value = std::nextafter(0.25, 1);
  const Judgement judgement = Judge(Quiet(), found);
  EXPECT_EQ(judgement.changed, 1u);
  EXPECT_THAT(judgement.sentences, ElementsAre("trial a: 1 point with another value, the first is lr at step 2"));
}

TEST(Judge, TrialsThatFailedAreMissingOrWerePutThere) {
  Outcome found = Quiet();
  found.trials[0].state = "failed";
  found.trials[0].admitted = false;
  found.trials[1].id = "c";
  found.trials.push_back(found.trials[1]);
  EXPECT_THAT(Judge(Quiet(), found).sentences,
              ElementsAre("trial a is failed, not admitted", "trial b is not there", "there are trials of no sweep"));
}

}  // namespace
}  // namespace plasa::cli
