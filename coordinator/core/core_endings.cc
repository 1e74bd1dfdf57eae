// How attempts end, and what their trials become.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/core/core.h"
#include "coordinator/core/placement.h"

namespace plasa::coordinator {
namespace {

// The audits that a strict run of our own trainer owes in each attempt: at its start, and of the gradients of its first
// steps (trainer specification 13.2).
constexpr std::array<int32_t, 7> kDueAudits = {1, 2, 3, 5, 6, 10, 13};
constexpr int32_t kCanaryAudit = 4;  // where the trial asks for it
constexpr const char* kOwnTrainer = "plasa";

// Empty, or why a result does not count. Runs of a reference mode are labelled invalid instead: they break audits on
// purpose.
std::string WhyNotAdmitted(const Trial& trial, const AttemptRecord& attempt) {
  if (trial.conflicts > 0)
    return absl::StrCat(trial.conflicts, " metric points contradicted points that were stored already");
  if (!attempt.certificate.objection.empty())
    return absl::StrCat("resume certificate: ", attempt.certificate.objection);
  if (!attempt.result->valid) return "";
  if (!attempt.audits_failed.empty())
    return absl::StrCat("audits failed: ", absl::StrJoin(attempt.audits_failed, ", "));
  if (trial.record.trainer != kOwnTrainer) return "";
  std::set<int32_t> missing(kDueAudits.begin(), kDueAudits.end());
  if (trial.record.limits.canary) missing.insert(kCanaryAudit);
  for (const int32_t audit : attempt.audits_passed) missing.erase(audit);
  return missing.empty() ? "" : absl::StrCat("audits are missing: ", absl::StrJoin(missing, ", "));
}

}  // namespace

// Takes an attempt out of memory; its row is written by the caller.
void Core::Release(const AttemptRecord& attempt) {
  state_.workers.at(attempt.worker).tokens.erase(attempt.token);
  state_.FindTrial(attempt.trial)->token = 0;
  state_.attempts.erase(attempt.token);
}

void Core::Succeed(AttemptRecord attempt, Now now, Effects* fx) {
  Trial* trial = state_.FindTrial(attempt.trial);
  Release(attempt);
  attempt.state = AttemptState::kSucceeded;
  attempt.ended_unix_s = now.unix_s;
  TrialRecord& record = trial->record;
  const std::string objection = WhyNotAdmitted(*trial, attempt);
  record.state = objection.empty() ? TrialState::kSucceeded : TrialState::kQuarantined;
  record.cause = objection.empty() ? Cause::kNone : Cause::kAudit;
  record.message = objection;
  record.admitted = objection.empty();
  record.valid = attempt.result->valid;
  record.invalid_reasons = attempt.result->invalid_reasons;
  record.failures.clear();
  record.cancel_requested = false;
  trial->finished = true;
  if (record.admitted && !state_.IsWanted(*trial)) WithdrawResult(trial);
  trial->seconds = std::max(0.0, attempt.ended_unix_s - attempt.created_unix_s);
  Touch(*trial, fx);
  fx->touched_workers = true;
  fx->writes.emplace_back(PutAttempt{attempt});
  fx->writes.emplace_back(PutTrial{record});
  fx->said.push_back({absl::StrCat("trial ", std::string(Word(record.state))),
                      {{"trial", record.id}, {"attempt", absl::StrCat(attempt.number)}, {"why", record.message}}});
}

void Core::Fail(AttemptRecord attempt, Cause cause, const std::string& what, Now now, Effects* fx,
                const LogVerdict& verdict) {
  Trial* trial = state_.FindTrial(attempt.trial);
  Release(attempt);
  TrialRecord& record = trial->record;
  const std::string message = verdict.why.empty() ? what : absl::StrCat(what, " (", verdict.why, ")");
  Fate fate = DecideFate(&record, cause, attempt.token);
  if (fate.next == NextStep::kRetry && !verdict.retry) fate.next = NextStep::kFail;
  if (verdict.exclude_worker) record.excluded.insert(attempt.worker);
  attempt.state = EndStateOf(cause, fate.next == NextStep::kCancel);
  attempt.cause = cause;
  attempt.message = message;
  attempt.ended_unix_s = now.unix_s;
  record.message = message;
  record.cancel_requested = false;
  switch (fate.next) {
    case NextStep::kRetry:
      record.state = TrialState::kQueued;
      trial->not_before_ms = now.steady_ms + fate.wait_ms;
      state_.Enqueue(trial);
      break;
    case NextStep::kFail:
      record.state = TrialState::kFailed;
      record.cause = cause;
      break;
    case NextStep::kQuarantine:
      record.state = TrialState::kQuarantined;
      record.cause = cause;
      break;
    case NextStep::kCancel:
      SettleUnwanted(trial);
      break;
  }
  Touch(*trial, fx);
  fx->touched_workers = true;
  fx->writes.emplace_back(PutAttempt{attempt});
  fx->writes.emplace_back(PutTrial{record});
  fx->said.push_back({"attempt ended",
                      {{"trial", record.id},
                       {"attempt", absl::StrCat(attempt.number)},
                       {"cause", std::string(Word(cause))},
                       {"trial_state", std::string(Word(record.state))},
                       {"why", message}}});
}

// A trial whose end was asked for does not wait for a worker that is lost.
void Core::SettleCanceled(Now now, Effects* fx) {
  std::vector<AttemptRecord> lost;
  for (const auto& [token, attempt] : state_.attempts) {
    const Trial& trial = state_.trials.at(attempt.trial);
    if (trial.record.cancel_requested && IsEligible(trial, state_.workers.at(attempt.worker), now.steady_ms))
      lost.push_back(attempt);
  }
  for (const AttemptRecord& attempt : lost)
    Fail(attempt, Cause::kWorkerLost, "its worker was lost while it was being canceled", now, fx);
}

}  // namespace plasa::coordinator
