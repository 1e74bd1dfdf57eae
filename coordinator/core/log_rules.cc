#include "coordinator/core/log_rules.h"

#include <re2/re2.h>

#include "absl/strings/str_cat.h"

namespace plasa::coordinator {

namespace {

// Whoever was preempted, or lost with its machine, was not failing.
bool IsItsOwnEnd(Cause cause) {
  return cause == Cause::kTrainerCrash || cause == Cause::kOutOfMemory || cause == Cause::kTimeout ||
         cause == Cause::kKilled;
}

}  // namespace

LogVerdict JudgeLog(const TrialLimits& limits, Cause cause, const std::string& message, const std::string& log_tail) {
  LogVerdict verdict;
  if (!IsItsOwnEnd(cause)) return verdict;
  for (const auto& [pattern, action] : limits.log_rules) {
    const RE2 rule(pattern, RE2::Quiet);
    if (!rule.ok() || (!RE2::PartialMatch(message, rule) && !RE2::PartialMatch(log_tail, rule))) continue;
    if (action == "do_not_retry") verdict.retry = false;
    if (action == "exclude_worker") verdict.exclude_worker = true;
    absl::StrAppend(&verdict.why, verdict.why.empty() ? "" : "; ", "its output matches the log rule \"", pattern,
                    action == "do_not_retry" ? "\": not tried again" : "\": not again on this worker");
  }
  return verdict;
}

}  // namespace plasa::coordinator
