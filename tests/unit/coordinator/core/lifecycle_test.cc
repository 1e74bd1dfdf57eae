#include "coordinator/core/lifecycle.h"

#include <gtest/gtest.h>

namespace plasa::coordinator {
namespace {

// Attempts until `cause` is given up, at most 100.
int AttemptsUntilFailed(Cause cause, TrialRecord trial = {}) {
  for (int attempts = 1; attempts <= 100; ++attempts) {
    if (DecideFate(&trial, cause, static_cast<uint64_t>(attempts)).next == NextStep::kFail) return attempts;
  }
  return 0;
}

TEST(DecideFate, UserErrorsAndMissingDataFailAtOnce) {
  EXPECT_EQ(AttemptsUntilFailed(Cause::kUserError), 1);
  EXPECT_EQ(AttemptsUntilFailed(Cause::kData), 1);
}

TEST(DecideFate, BudgetsAreThoseOfTheCauses) {
  EXPECT_EQ(AttemptsUntilFailed(Cause::kTrainerCrash), 3);
  EXPECT_EQ(AttemptsUntilFailed(Cause::kOutOfMemory), 3);
  EXPECT_EQ(AttemptsUntilFailed(Cause::kTimeout), 3);
  EXPECT_EQ(AttemptsUntilFailed(Cause::kWorkerLost), 5);
  EXPECT_EQ(AttemptsUntilFailed(Cause::kKilled), 20);
  EXPECT_EQ(AttemptsUntilFailed(Cause::kPreempted), 0);
  EXPECT_EQ(AttemptsUntilFailed(Cause::kControlPlane), 0);
}

TEST(DecideFate, TheSweepSetsItsOwnBudget) {
  TrialRecord trial;
  trial.limits.max_attempts = 7;
  EXPECT_EQ(AttemptsUntilFailed(Cause::kTrainerCrash, trial), 7);
  EXPECT_EQ(AttemptsUntilFailed(Cause::kKilled, trial), 20);
}

TEST(DecideFate, AnEndNobodyCanExplainCountsAsACrash) { EXPECT_EQ(AttemptsUntilFailed(Cause::kNone), 3); }

TEST(DecideFate, AFailedAuditQuarantines) {
  TrialRecord trial;
  EXPECT_EQ(DecideFate(&trial, Cause::kAudit, 1).next, NextStep::kQuarantine);
}

TEST(DecideFate, WaitsDoubleUpToAMinuteWithinAQuarter) {
  TrialRecord trial;
  int64_t expected = 1000;
  for (uint64_t token = 1; token < 15; ++token) {
    const int64_t wait = DecideFate(&trial, Cause::kKilled, token).wait_ms;
    EXPECT_GE(wait, expected * 3 / 4);
    EXPECT_LE(wait, expected * 5 / 4);
    expected = std::min<int64_t>(60'000, expected * 2);
  }
}

TEST(DecideFate, PreemptionDoesNotWait) {
  TrialRecord trial;
  EXPECT_EQ(DecideFate(&trial, Cause::kPreempted, 1).wait_ms, 0);
}

TEST(DecideFate, AskedForEndsAreCancellationsWhateverTheCause) {
  for (const Cause cause : {Cause::kPreempted, Cause::kUserError, Cause::kWorkerLost, Cause::kAudit}) {
    TrialRecord trial;
    trial.cancel_requested = true;
    EXPECT_EQ(DecideFate(&trial, cause, 1).next, NextStep::kCancel);
  }
}

}  // namespace
}  // namespace plasa::coordinator
