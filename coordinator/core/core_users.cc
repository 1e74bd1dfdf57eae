// What users ask: submit, cancel, drain.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/core/core.h"
#include "coordinator/core/replies.h"

namespace plasa::coordinator {
namespace {

absl::Status OtherBody() {
  return absl::AbortedError("this request id was used before with another request (use a new one for each request)");
}

// Trials of the sweep that its file does not ask for, in their order.
std::vector<std::string> AddedTrials(const Sweep& sweep, const Submission& submission) {
  if (sweep.trials.size() == submission.trials.size()) return {};
  std::set<std::string> asked;
  for (const TrialSpec& trial : submission.trials) asked.insert(trial.id);
  std::vector<std::string> added = sweep.trials;
  std::erase_if(added, [&asked](const std::string& trial) { return asked.contains(trial); });
  return added;
}

// What the sweep asks for its trials, and what the trial's own parameters add.
TrialLimits LimitsOf(const TrialSpec& trial, const SweepSpec& asked) {
  TrialLimits limits = asked.limits;
  const auto canary = trial.params.find("canary");
  limits.canary = canary != trial.params.end() && canary->second == Value(true);
  return limits;
}

}  // namespace

// The stored reply of a request that came before, "" for a new one.
absl::StatusOr<std::string> Core::Replay(const RequestTag& tag) const {
  const auto known = state_.replies.find(tag.id);
  if (tag.id.empty() || known == state_.replies.end()) return std::string();
  if (known->second.record.body_sha256 != tag.body_sha256) return OtherBody();
  return known->second.record.reply;
}

void Core::Remember(const RequestTag& tag, std::string reply, Now now, Effects* fx) {
  if (tag.id.empty()) return;
  const ReplyRecord record{tag.id, tag.body_sha256, std::move(reply)};
  state_.replies[tag.id] = {record, now.steady_ms};
  fx->writes.emplace_back(PutReply{record});
}

absl::StatusOr<SubmitOutcome> Core::OnSubmit(const RequestTag& tag, const Submission& submission, Now now,
                                             Effects* fx) {
  const absl::StatusOr<std::string> replayed = Replay(tag);
  if (!replayed.ok()) return replayed.status();
  if (!replayed->empty()) return ReadSubmitOutcome(*replayed);
  SubmitOutcome outcome{submission.sweep_id, static_cast<uint32_t>(submission.trials.size()), 0, 0};
  const bool known = state_.FindSweep(submission.sweep_id) != nullptr;
  if (submission.data) fx->writes.emplace_back(PutData{*submission.data});
  AddSweep(submission, now, fx);
  Sweep* sweep = state_.FindSweep(submission.sweep_id);
  PutMembers members{submission.sweep_id, 0, {}};
  for (const TrialSpec& spec : submission.trials) {
    AddMember(sweep, spec, submission.spec, now, &outcome, fx);
    if (!known) members.members.push_back({spec.id, Value(spec.cell).CanonicalJson()});
  }
  if (!known) fx->writes.emplace_back(std::move(members));
  // Seeds that were added since are in no file.
  for (const std::string& added : AddedTrials(*sweep, submission)) {
    AddMember(sweep, {added, {}, 0, {}}, submission.spec, now, &outcome, fx);
    ++outcome.trials;
  }
  fx->touched_sweeps.insert(submission.sweep_id);
  fx->said.push_back({"sweep submitted",
                      {{"sweep", outcome.sweep_id},
                       {"trials", absl::StrCat(outcome.trials)},
                       {"created", absl::StrCat(outcome.created)},
                       {"requeued", absl::StrCat(outcome.requeued)}}});
  Remember(tag, TextOf(outcome), now, fx);
  GrantAll(now, fx);
  return outcome;
}

void Core::AddSweep(const Submission& submission, Now now, Effects* fx) {
  const SweepSpec& spec = submission.spec;
  Sweep& sweep = state_.sweeps[submission.sweep_id];
  if (sweep.record.id.empty()) {
    sweep.record = {submission.sweep_id,
                    ++state_.last_sweep_position,
                    spec.name,
                    spec.canonical.CanonicalJson(),
                    spec.metric,
                    spec.goal,
                    false,
                    spec.priority,
                    now.unix_s,
                    {spec.until_decided, {}, ""}};
    for (const TrialSpec& trial : submission.trials) sweep.trials.push_back(trial.id);
    sweep.rungs = RungsOfSweep(sweep.record);
  }
  sweep.record.canceled = false;
  fx->writes.emplace_back(PutSweep{sweep.record});
}

void Core::AddMember(Sweep* sweep, const TrialSpec& spec, const SweepSpec& asked, Now now, SubmitOutcome* outcome,
                     Effects* fx) {
  Trial& trial = state_.trials[spec.id];
  const bool is_new = trial.record.id.empty();
  trial.sweeps.insert(sweep->record.id);
  EnterRungs(sweep, trial, spec, fx);
  if (is_new) {
    CreateTrial(&trial, spec, asked, now);
    ++outcome->created;
  } else if (sweep->HasPruned(spec.id)) {
    return Touch(trial, fx);  // what was decided stands, however often the sweep is submitted
  } else if (RestoreResult(&trial)) {
    fx->said.push_back({"result counts again", {{"trial", spec.id}}});
  } else if (trial.record.state != TrialState::kQuarantined && Requeue(&trial, now, fx)) {
    trial.record.limits = LimitsOf(spec, asked);
    ++outcome->requeued;
  } else if (std::exchange(trial.record.cancel_requested, false)) {
    fx->said.push_back({"trial goes on", {{"trial", spec.id}}});  // it was being canceled
  } else {
    if (trial.record.state == TrialState::kQueued) state_.Enqueue(&trial);  // its priority may have grown
    return Touch(trial, fx);
  }
  if (trial.record.state == TrialState::kQueued) state_.Enqueue(&trial);
  Touch(trial, fx);
  fx->writes.emplace_back(PutTrial{trial.record});
}

void Core::CreateTrial(Trial* trial, const TrialSpec& spec, const SweepSpec& asked, Now now) {
  TrialRecord& record = trial->record;
  record.id = spec.id;
  record.position = ++state_.last_trial_position;
  record.seed = spec.seed;
  record.params_json = Value(spec.params).CanonicalJson();
  record.trainer = asked.trainer;
  record.data_json = asked.data.IsNull() ? "{}" : asked.data.CanonicalJson();
  record.limits = LimitsOf(spec, asked);
  record.queued_unix_s = now.unix_s;
}

absl::StatusOr<CancelOutcome> Core::OnCancel(const CancelCommand& command, Now now, Effects* fx) {
  const absl::StatusOr<std::string> replayed = Replay(command.tag);
  if (!replayed.ok()) return replayed.status();
  if (!replayed->empty()) return ReadCancelOutcome(*replayed);
  Sweep* sweep = command.is_sweep ? state_.FindSweep(command.id) : nullptr;
  if (command.is_sweep ? sweep == nullptr : state_.FindTrial(command.id) == nullptr) {
    return absl::NotFoundError(absl::StrCat("there is no ", command.is_sweep ? "sweep " : "trial ", command.id));
  }
  CancelOutcome outcome;
  if (sweep != nullptr) {
    sweep->record.canceled = true;
    fx->writes.emplace_back(PutSweep{sweep->record});
    fx->touched_sweeps.insert(command.id);
  }
  const std::vector<std::string> one{command.id};
  for (const std::string& id : sweep != nullptr ? sweep->trials : one) {
    Trial* trial = state_.FindTrial(id);
    if (IsFinal(trial->record.state)) continue;
    if (sweep != nullptr && state_.IsWanted(*trial)) {
      ++outcome.kept;
    } else if (CancelTrial(trial, fx)) {
      ++outcome.canceled;
    }
  }
  JudgeRungs(now, fx);
  fx->said.push_back(
      {"canceled", {{command.is_sweep ? "sweep" : "trial", command.id}, {"trials", absl::StrCat(outcome.canceled)}}});
  Remember(command.tag, TextOf(outcome), now, fx);
  return outcome;
}

// A queued trial is canceled at once, a running one when its trainer has ended. False when that was asked already.
bool Core::CancelTrial(Trial* trial, Effects* fx) {
  TrialRecord& record = trial->record;
  if (record.state == TrialState::kRunning) {
    if (record.cancel_requested) return false;
    record.cancel_requested = true;
  } else {
    state_.Dequeue(*trial);
    SettleUnwanted(trial);
  }
  Touch(*trial, fx);
  fx->writes.emplace_back(PutTrial{record});
  return true;
}

absl::StatusOr<WorkerView> Core::OnDrain(const DrainCommand& command, Now now, Effects* fx) {
  const absl::StatusOr<std::string> replayed = Replay(command.tag);
  if (!replayed.ok()) return replayed.status();
  Worker* worker = state_.FindWorker(command.worker);
  if (worker == nullptr) return absl::NotFoundError(absl::StrCat("there is no worker ", command.worker));
  if (replayed->empty()) {
    worker->record.draining = !command.undo;
    fx->writes.emplace_back(PutWorker{worker->record});
    fx->touched_workers = true;
    fx->said.push_back({command.undo ? "worker takes work again" : "worker drains", {{"worker", command.worker}}});
    if (worker->parked) AnswerParked(worker, {{}, {}, worker->record.draining}, fx);
    Remember(command.tag, "drained", now, fx);
  }
  return ViewOf(*worker, state_, now.steady_ms);
}

}  // namespace plasa::coordinator
