// What ended without a result, once more.
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/core/core.h"
#include "coordinator/core/replies.h"

namespace plasa::coordinator {
namespace {

// Why a trial is not retried; OK where it can be.
absl::Status CheckRetry(const Trial& trial, const State& state) {
  const TrialRecord& record = trial.record;
  const auto refused = [&record](const char* why) {
    return absl::FailedPreconditionError(absl::StrCat("trial ", record.id, " ", why));
  };
  switch (record.state) {
    case TrialState::kSucceeded:
      return refused("succeeded: there is nothing to retry");
    case TrialState::kPruned:
      return refused("was stopped early by its sweep, which stands however often it is asked");
    case TrialState::kQueued:
      return refused("is queued already");
    case TrialState::kRunning:
      if (!record.cancel_requested) return refused("is running");
      break;
    case TrialState::kQuarantined:
      if (trial.finished) return refused("ended with a result that did not pass, which is kept: train another seed");
      if (trial.conflicts > 0) return refused("wrote points that contradict each other: train another seed");
      break;
    case TrialState::kFailed:
    case TrialState::kCanceled:
      break;
  }
  if (!state.IsWanted(trial)) return refused("belongs to a canceled sweep: retry the sweep");
  return absl::OkStatus();
}

}  // namespace

// Queues a trial that ended without a result again, with fresh budgets: from its checkpoint where somebody can resume
// it, from step 0 where an audit stopped it, since what it had come to may be why. False for one that stays as it is.
bool Core::Requeue(Trial* trial, Now now, Effects* fx) {
  TrialRecord& record = trial->record;
  const bool stopped_by_audit = record.state == TrialState::kQuarantined && !trial->finished && trial->conflicts == 0;
  if (record.state != TrialState::kFailed && record.state != TrialState::kCanceled &&
      record.state != TrialState::kPruned && !stopped_by_audit)
    return false;
  record.state = TrialState::kQueued;
  record.cause = Cause::kNone;
  record.failures.clear();
  record.excluded.clear();
  record.queued_unix_s = now.unix_s;
  trial->not_before_ms = 0;
  if (trial->checkpoint && (stopped_by_audit || !state_.HasClass(trial->checkpoint->hardware_class))) {
    trial->checkpoint.reset();
    fx->writes.emplace_back(DropCheckpoint{record.id});
  }
  return true;
}

// Whether the trial is queued again, or goes on. One that another sweep pruned is this one's again, as after a submit.
bool Core::RetryTrial(Trial* trial, Now now, Effects* fx) {
  TrialRecord& record = trial->record;
  if (!state_.IsWanted(*trial)) return false;
  const bool restored = RestoreResult(trial);
  const bool goes_on = record.state == TrialState::kRunning && std::exchange(record.cancel_requested, false);
  if (!restored && !goes_on && !Requeue(trial, now, fx)) return false;
  if (record.state == TrialState::kQueued) state_.Enqueue(trial);
  Touch(*trial, fx);
  fx->writes.emplace_back(PutTrial{record});
  return !restored;
}

absl::StatusOr<RetryOutcome> Core::OnRetry(const RetryCommand& command, Now now, Effects* fx) {
  const absl::StatusOr<std::string> replayed = Replay(command.tag);
  if (!replayed.ok()) return replayed.status();
  if (!replayed->empty()) return ReadRetryOutcome(*replayed);
  Sweep* sweep = command.is_sweep ? state_.FindSweep(command.id) : nullptr;
  Trial* one = command.is_sweep ? nullptr : state_.FindTrial(command.id);
  if (sweep == nullptr && one == nullptr)
    return absl::NotFoundError(absl::StrCat("there is no ", command.is_sweep ? "sweep " : "trial ", command.id));
  if (one != nullptr) {
    if (absl::Status can = CheckRetry(*one, state_); !can.ok()) return can;
  }
  if (sweep != nullptr) {
    sweep->record.canceled = false;
    fx->writes.emplace_back(PutSweep{sweep->record});
    fx->touched_sweeps.insert(command.id);
  }
  RetryOutcome outcome;
  for (const std::string& id : sweep != nullptr ? sweep->trials : std::vector<std::string>{command.id}) {
    ++outcome.trials;
    if (RetryTrial(state_.FindTrial(id), now, fx)) ++outcome.requeued;
  }
  fx->said.push_back(
      {"retried", {{command.is_sweep ? "sweep" : "trial", command.id}, {"trials", absl::StrCat(outcome.requeued)}}});
  Remember(command.tag, TextOf(outcome), now, fx);
  GrantAll(now, fx);
  return outcome;
}

}  // namespace plasa::coordinator
