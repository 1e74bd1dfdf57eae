#include "worker/core/stop_plan.h"

#include <gtest/gtest.h>

namespace plasa::core {
namespace {

TEST(StopPlan, NothingIsDueUnasked) {
  StopPlan plan(30'000);
  EXPECT_EQ(plan.Due(1'000'000), StopSignal::kNone);
  EXPECT_EQ(plan.NextMs(), std::nullopt);
}

TEST(StopPlan, TerminatesThenKillsAfterTheGraceTimeEachOnce) {
  StopPlan plan(30'000);
  plan.Ask(StopReason::kCancel, 100);
  EXPECT_EQ(plan.Due(100), StopSignal::kTerminate);
  EXPECT_EQ(plan.Due(30'099), StopSignal::kNone);
  EXPECT_EQ(plan.NextMs(), 30'100u);
  EXPECT_EQ(plan.Due(30'100), StopSignal::kKill);
  EXPECT_EQ(plan.Due(99'999), StopSignal::kNone);
  EXPECT_EQ(plan.NextMs(), std::nullopt);
}

TEST(StopPlan, NextIsWhenItWasAskedUntilThatIsDone) {
  StopPlan plan(30'000);
  plan.Ask(StopReason::kDrain, 100);
  EXPECT_EQ(plan.NextMs(), 100u);
  EXPECT_EQ(plan.Due(99), StopSignal::kNone);
  EXPECT_EQ(plan.Due(100), StopSignal::kTerminate);
  EXPECT_EQ(plan.NextMs(), 30'100u);
}

TEST(StopPlan, TheFirstReasonCountsAndDoesNotStartAgain) {
  StopPlan plan(30'000);
  plan.Ask(StopReason::kTimeout, 0);
  EXPECT_EQ(plan.Due(0), StopSignal::kTerminate);
  plan.Ask(StopReason::kDrain, 20'000);
  EXPECT_EQ(plan.reason(), StopReason::kTimeout);
  EXPECT_EQ(plan.Due(30'000), StopSignal::kKill);
}

TEST(StopPlan, FencedOverridesSinceNothingMayBeReported) {
  StopPlan plan(30'000);
  plan.Ask(StopReason::kDrain, 0);
  plan.Ask(StopReason::kFenced, 5);
  EXPECT_EQ(plan.reason(), StopReason::kFenced);
}

TEST(StopPlan, BadEventsAreKilledAtOnce) {
  StopPlan plan(30'000);
  plan.Ask(StopReason::kBadEvents, 50);
  EXPECT_EQ(plan.Due(50), StopSignal::kKill);
}

}  // namespace
}  // namespace plasa::core
