// What scripts cannot say: several rules at once, and a pattern that this version cannot read.
#include "coordinator/core/log_rules.h"

#include <gtest/gtest.h>

#include <utility>

namespace plasa::coordinator {
namespace {

TrialLimits With(std::map<std::string, std::string> rules) {
  TrialLimits limits;
  limits.log_rules = std::move(rules);
  return limits;
}

TEST(JudgeLog, EveryRuleThatMatchesCounts) {
  const TrialLimits limits = With({{"cuda", "exclude_worker"}, {"nan", "do_not_retry"}, {"other", "do_not_retry"}});
  const LogVerdict verdict = JudgeLog(limits, Cause::kTrainerCrash, "left with 1", "cuda error, loss is nan");
  EXPECT_FALSE(verdict.retry);
  EXPECT_TRUE(verdict.exclude_worker);
  EXPECT_EQ(verdict.why,
            "its output matches the log rule \"cuda\": not again on this worker; "
            "its output matches the log rule \"nan\": not tried again");
}

// It was accepted by another version.
TEST(JudgeLog, APatternThatCannotBeReadMatchesNothing) {
  const LogVerdict verdict = JudgeLog(With({{"(", "do_not_retry"}}), Cause::kTrainerCrash, "(", "(");
  EXPECT_TRUE(verdict.retry);
  EXPECT_EQ(verdict.why, "");
}

}  // namespace
}  // namespace plasa::coordinator
