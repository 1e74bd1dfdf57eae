#include "worker/core/cause.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace plasa::core {
namespace {

using ::testing::HasSubstr;

Ending Left(int code) {
  Ending ending;
  ending.exit = Exit{code, 0, false};
  return ending;
}

Ending Signaled(int signal, bool out_of_memory = false) {
  Ending ending;
  ending.exit = Exit{0, signal, out_of_memory};
  return ending;
}

TEST(OutcomeOf, ZeroWithAResultSucceeds) {
  Ending ending = Left(0);
  ending.has_result = true;
  EXPECT_TRUE(OutcomeOf(ending).succeeded);
  EXPECT_EQ(OutcomeOf(ending).cause, Cause::kNone);
}

TEST(OutcomeOf, ZeroWithoutAResultIsACrash) { EXPECT_EQ(OutcomeOf(Left(0)).cause, Cause::kTrainerCrash); }

TEST(OutcomeOf, ExitCodesHaveTheirCauses) {
  EXPECT_EQ(OutcomeOf(Left(2)).cause, Cause::kUserError);
  EXPECT_EQ(OutcomeOf(Left(3)).cause, Cause::kData);
  EXPECT_EQ(OutcomeOf(Left(4)).cause, Cause::kAudit);
  EXPECT_EQ(OutcomeOf(Left(5)).cause, Cause::kOutOfMemory);
  EXPECT_EQ(OutcomeOf(Left(75)).cause, Cause::kPreempted);
  EXPECT_EQ(OutcomeOf(Left(1)).cause, Cause::kTrainerCrash);
  EXPECT_EQ(OutcomeOf(Left(139)).cause, Cause::kTrainerCrash);
}

TEST(OutcomeOf, TheLastNoteSaysWhy) {
  Ending ending = Left(2);
  ending.last_words = "n_heads 3 does not divide d 64";
  EXPECT_THAT(OutcomeOf(ending).message, HasSubstr("n_heads 3 does not divide d 64"));
}

TEST(OutcomeOf, KilledFromOutsideIsNotACrash) {
  EXPECT_EQ(OutcomeOf(Signaled(SIGKILL)).cause, Cause::kKilled);
  EXPECT_EQ(OutcomeOf(Signaled(SIGKILL, true)).cause, Cause::kOutOfMemory);
  EXPECT_EQ(OutcomeOf(Signaled(SIGSEGV)).cause, Cause::kTrainerCrash);
}

TEST(OutcomeOf, OurOwnStopExplainsTheSignal) {
  Ending ending = Signaled(SIGKILL);
  ending.stopped = StopReason::kTimeout;
  ending.timeout_ms = 5000;
  EXPECT_EQ(OutcomeOf(ending).cause, Cause::kTimeout);
  EXPECT_THAT(OutcomeOf(ending).message, HasSubstr("5 s"));
  ending.stopped = StopReason::kDrain;
  EXPECT_EQ(OutcomeOf(ending).cause, Cause::kPreempted);
}

TEST(OutcomeOf, ATrainerThatGotThroughBeforeTheStopHasSucceeded) {
  Ending ending = Left(0);
  ending.has_result = true;
  ending.stopped = StopReason::kDrain;
  EXPECT_TRUE(OutcomeOf(ending).succeeded);
}

TEST(OutcomeOf, ABadLineIsACrashThatNamesIt) {
  Ending ending = Left(0);
  ending.has_result = true;
  ending.stopped = StopReason::kBadEvents;
  ending.bad_line = "line 7 of events.jsonl: not a JSON object";
  EXPECT_EQ(OutcomeOf(ending).cause, Cause::kTrainerCrash);
  EXPECT_THAT(OutcomeOf(ending).message, HasSubstr("line 7"));
}

TEST(OutcomeOf, NothingLeftIsALostWorker) { EXPECT_EQ(OutcomeOf(Ending{}).cause, Cause::kWorkerLost); }

TEST(OutcomeOf, WhatNeverStartedSaysWhoHasToMend) {
  Ending ending;
  ending.start_failure = "cannot start /no/such: No such file or directory";
  EXPECT_EQ(OutcomeOf(ending).cause, Cause::kUserError);
  ending.start_failure.clear();
  ending.preparation_failure = "cannot make the directory: No space left on device";
  EXPECT_EQ(OutcomeOf(ending).cause, Cause::kControlPlane);
}

}  // namespace
}  // namespace plasa::core
