#include "coordinator/core/lifecycle.h"

#include <algorithm>
#include <array>

#include "common/base/philox.h"

namespace plasa::coordinator {
namespace {

constexpr int64_t kFirstWaitMs = 1000;
constexpr int64_t kLongestWaitMs = 60'000;
constexpr int64_t kOwnBudget = -1;  // the sweep's max_attempts

struct Rule {
  Cause cause;
  NextStep next;   // while the budget lasts
  int64_t budget;  // 0 = any number
  bool waits;
};
constexpr std::array<Rule, 10> kRules = {{
    {Cause::kUserError, NextStep::kFail, 0, false},
    {Cause::kData, NextStep::kFail, 0, false},
    {Cause::kAudit, NextStep::kQuarantine, 0, false},
    {Cause::kTrainerCrash, NextStep::kRetry, kOwnBudget, true},
    {Cause::kOutOfMemory, NextStep::kRetry, kOwnBudget, true},
    {Cause::kTimeout, NextStep::kRetry, kOwnBudget, true},
    {Cause::kWorkerLost, NextStep::kRetry, 5, true},
    {Cause::kKilled, NextStep::kRetry, 20, true},
    {Cause::kPreempted, NextStep::kRetry, 0, false},
    {Cause::kControlPlane, NextStep::kRetry, 0, true},
}};

const Rule& RuleOf(Cause cause) {
  const auto rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& r) { return r.cause == cause; });
  return rule == kRules.end() ? kRules[3] : *rule;  // an end nobody can explain counts as a crash
}

// 1 s doubling to 60 s, up to a quarter more or less, by the token: the same on every replay.
int64_t WaitMs(int64_t failures, uint64_t token) {
  const int64_t base = std::min(kLongestWaitMs, kFirstWaitMs << std::min<int64_t>(failures - 1, 10));
  const uint32_t word = Philox4x32({static_cast<uint32_t>(token), static_cast<uint32_t>(token >> 32), 0, 0}, {0, 0})[0];
  return base * 3 / 4 + static_cast<int64_t>(static_cast<uint64_t>(base) / 2 * word >> 32);
}

}  // namespace

int64_t BudgetOf(Cause cause, const TrialLimits& limits) {
  const int64_t budget = RuleOf(cause).budget;
  return budget == kOwnBudget ? limits.max_attempts : budget;
}

Fate DecideFate(TrialRecord* trial, Cause cause, uint64_t token) {
  if (trial->cancel_requested) return {NextStep::kCancel, 0};
  const Rule& rule = RuleOf(cause);
  if (rule.next != NextStep::kRetry) return {rule.next, 0};
  if (!rule.waits) return {NextStep::kRetry, 0};
  const int64_t failures = ++trial->failures[rule.cause];
  const int64_t budget = BudgetOf(rule.cause, trial->limits);
  if (budget > 0 && failures >= budget) return {NextStep::kFail, 0};
  return {NextStep::kRetry, WaitMs(failures, token)};
}

AttemptState EndStateOf(Cause cause, bool canceled) {
  if (cause == Cause::kWorkerLost) return AttemptState::kLost;
  if (canceled) return AttemptState::kCanceled;
  return cause == Cause::kPreempted ? AttemptState::kPreempted : AttemptState::kFailed;
}

}  // namespace plasa::coordinator
