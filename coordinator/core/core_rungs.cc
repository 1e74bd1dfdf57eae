// Early stopping: counting what trials report, deciding at full rungs, and what becomes of the trials that lose.
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/core/core.h"

namespace plasa::coordinator {

// Makes a trial a runner of the sweep's race; of one that has run before, the store knows what it reported.
void Core::EnterRungs(Sweep* sweep, const Trial& trial, const TrialSpec& spec, Effects* fx) const {
  if (!sweep->rungs || !sweep->rungs->Add(spec.id, Value(spec.cell).CanonicalJson()) || trial.attempts == 0) return;
  sweep->rungs->unread[spec.id];
  fx->writes.emplace_back(AskHistory{sweep->record.id, spec.id, sweep->rungs->metric});
}

void Core::OnHistory(const TrialHistory& history) {
  Sweep* sweep = state_.FindSweep(history.sweep);
  if (sweep == nullptr || !sweep->rungs) return;
  sweep->rungs->Read(history);
  unjudged_.insert(history.sweep);
}

void Core::CountReports(const Trial& trial, const std::vector<TrainerEvent>& events) {
  for (const std::string& id : trial.sweeps) {
    std::optional<Rungs>& rungs = state_.FindSweep(id)->rungs;
    if (!rungs) continue;
    for (const TrainerEvent& event : events) {
      for (const auto& [name, value] : event.metrics) {
        if (name == rungs->metric) rungs->Count(trial.record.id, {event.step, value});
      }
    }
  }
}

// Decides the rungs that have become full: with each tick, and in the event in which a trial ends, so that a sweep
// whose trials have all ended has no decision left.
void Core::JudgeRungs(Now now, Effects* fx) {
  const auto may_report = [this](const std::string& trial) { return !IsFinal(state_.trials.at(trial).record.state); };
  for (const std::string& id : std::exchange(unjudged_, {})) {
    Sweep* sweep = state_.FindSweep(id);
    if (!sweep->rungs || sweep->record.canceled) continue;
    while (std::optional<RungRecord> decision = sweep->rungs->JudgeNext(may_report)) {
      decision->sweep = id;
      decision->decided_unix_s = now.unix_s;
      fx->writes.emplace_back(PutRung{*decision});
      fx->touched_sweeps.insert(id);
      fx->said.push_back({"rung decided",
                          {{"sweep", id},
                           {"rung", absl::StrCat(decision->rung)},
                           {"cells", absl::StrCat(decision->cells)},
                           {"kept", absl::StrCat(decision->kept)},
                           {"worst_kept", absl::StrCat(decision->worst_kept)}}});
      sweep->rungs->Decide(*decision);
      for (const RungRecord::Pruned& pruned : decision->pruned) Prune(state_.FindTrial(pruned.trial), fx);
    }
  }
}

// Carries a decision out, unless another sweep wants the trial. A result that came before the decision is withdrawn:
// the set of pruned trials must not depend on who was faster. What failed or was canceled stays what it is.
void Core::Prune(Trial* trial, Effects* fx) {
  if (state_.IsWanted(*trial)) return Touch(*trial, fx);
  if (trial->record.state == TrialState::kSucceeded) {
    WithdrawResult(trial);
    Touch(*trial, fx);
    fx->writes.emplace_back(PutTrial{trial->record});
  } else if (!IsFinal(trial->record.state)) {
    static_cast<void>(CancelTrial(trial, fx));
  }
}

// The end of a trial without a result that no sweep wants: pruned, or canceled.
void Core::SettleUnwanted(Trial* trial) const {
  const Rungs* rungs = state_.PruningOf(*trial);
  trial->record.state = rungs == nullptr ? TrialState::kCanceled : TrialState::kPruned;
  if (rungs != nullptr) trial->record.message = rungs->WhyPruned(trial->record.id);
}

// Of a trial that has succeeded: its numbers stay and are shown, its result counts nowhere. Nothing happens to one
// that no rung pruned.
void Core::WithdrawResult(Trial* trial) const {
  const Rungs* rungs = state_.PruningOf(*trial);
  if (rungs == nullptr) return;
  trial->record.state = TrialState::kPruned;
  trial->record.admitted = false;
  trial->record.message = absl::StrCat(rungs->WhyPruned(trial->record.id), ", though it had finished");
}

// A sweep that has not pruned it wants the trial: a result that was withdrawn counts again. False where there is none.
bool Core::RestoreResult(Trial* trial) {
  if (trial->record.state != TrialState::kPruned || !trial->finished) return false;
  trial->record.state = TrialState::kSucceeded;
  trial->record.admitted = true;
  trial->record.message.clear();
  return true;
}

}  // namespace plasa::coordinator
