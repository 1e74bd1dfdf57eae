#include "coordinator/core/core.h"

#include <algorithm>
#include <utility>

#include "coordinator/core/explain.h"
#include "coordinator/core/placement.h"

namespace plasa::coordinator {
namespace {

constexpr int64_t kStallMs = 1000;                   // a longer gap between ticks is a stall of our own
constexpr int64_t kForgetWorkerMs = 10 * 60 * 1000;  // a silent worker without a lease is gone
constexpr int64_t kForgetReplyMs = 24 * 3600 * 1000;

}  // namespace

WorkerView ViewOf(const Worker& worker, const State& state, int64_t now_ms) {
  const WorkerRecord& record = worker.record;
  WorkerView view;
  view.id = record.id;
  view.name = record.name;
  view.state = StateWord(worker, now_ms);
  view.silent_s = static_cast<double>(SilentMs(worker, now_ms)) / 1000;
  view.version = record.version;
  view.trainers = record.trainers;
  for (const WorkerSlot& slot : record.slots) {
    WorkerSlotView shown;
    shown.index = slot.index;
    shown.device = slot.device;
    for (const uint64_t token : worker.tokens) {
      const AttemptRecord& attempt = state.attempts.at(token);
      if (attempt.slot == slot.index) shown.trial = attempt.trial;
    }
    view.slots.push_back(std::move(shown));
  }
  return view;
}

std::string StateWord(const Worker& worker, int64_t now_ms) {
  if (worker.record.gone) return "gone";
  if (SilentMs(worker, now_ms) > kSuspectAfterMs) return "silent";
  return worker.record.draining ? "draining" : "online";
}

Core::Core(State state, Now now) : state_(std::move(state)), last_tick_ms_(now.steady_ms) {
  for (auto& [id, worker] : state_.workers) worker.last_seen_ms = now.steady_ms;
  for (auto& [id, reply] : state_.replies) reply.since_ms = now.steady_ms;
  for (const auto& [id, sweep] : state_.sweeps) unjudged_.insert(id);
  for (auto& [id, trial] : state_.trials) {
    if (trial.record.state == TrialState::kQueued) state_.Enqueue(&trial);
  }
}

void Core::Touch(const Trial& trial, Effects* fx) {
  fx->touched_trials.insert(trial.record.id);
  fx->touched_sweeps.insert(trial.sweeps.begin(), trial.sweeps.end());
  unjudged_.insert(trial.sweeps.begin(), trial.sweeps.end());
}

void Core::OnConflict(const std::string& id, uint64_t points) {
  if (Trial* trial = state_.FindTrial(id); trial != nullptr) trial->conflicts += points;
}

// Before anything is judged after a stall: calls that came in meanwhile may be handled before the next tick.
void Core::NoteStall(Now now) {
  const int64_t gap = now.steady_ms - last_tick_ms_;
  if (gap <= kStallMs) return;
  last_tick_ms_ = now.steady_ms;
  for (auto& [id, worker] : state_.workers) worker.last_seen_ms = std::min(now.steady_ms, worker.last_seen_ms + gap);
}

void Core::OnTick(Now now, Effects* fx) {
  NoteStall(now);
  last_tick_ms_ = now.steady_ms;
  for (auto& [id, worker] : state_.workers) {
    const bool silent = !worker.record.gone && SilentMs(worker, now.steady_ms) > kSuspectAfterMs;
    if (silent != worker.shown_silent) {
      worker.shown_silent = silent;
      fx->touched_workers = true;
      for (const uint64_t token : worker.tokens) Touch(*state_.FindTrial(state_.attempts.at(token).trial), fx);
    }
    if (silent && worker.tokens.empty() && SilentMs(worker, now.steady_ms) > kForgetWorkerMs) {
      worker.record.gone = true;
      fx->writes.emplace_back(PutWorker{worker.record});
    }
    if (worker.parked && now.steady_ms >= worker.parked->until_ms) AnswerParked(&worker, {}, fx);
  }
  std::erase_if(state_.replies, [&](const auto& entry) {
    const bool old = now.steady_ms - entry.second.since_ms > kForgetReplyMs;
    if (old) fx->writes.emplace_back(DropReply{entry.first});
    return old;
  });
  SettleCanceled(now, fx);
  GrantAll(now, fx);
}

PlanOutcome Core::Plan(const Submission& submission) const {
  PlanOutcome plan;
  double seconds = 0, known = 0, slots = 0;
  for (const TrialSpec& spec : submission.trials) {
    const auto trial = state_.trials.find(spec.id);
    if (trial != state_.trials.end()) ++plan.existing;
  }
  plan.trials = static_cast<uint32_t>(submission.trials.size());
  for (const auto& [id, trial] : state_.trials) {
    if (trial.seconds <= 0 || trial.record.trainer != submission.spec.trainer) continue;
    seconds += trial.seconds;
    ++known;
  }
  for (const auto& [id, worker] : state_.workers) {
    if (!worker.record.gone) slots += static_cast<double>(worker.record.slots.size());
  }
  if (known > 0) plan.expected_s = (plan.trials - plan.existing) * seconds / known / std::max(1.0, slots);
  return plan;
}

std::vector<WorkerView> Core::Workers(bool include_gone, Now now) const {
  std::vector<WorkerView> views;
  for (const auto& [id, worker] : state_.workers) {
    if (include_gone || !worker.record.gone) views.push_back(ViewOf(worker, state_, now.steady_ms));
  }
  return views;
}

Judgements Core::Judge(const std::vector<std::string>& trials, Now now) const {
  Judgements judgements;
  const Explainer explainer(state_, now);
  for (const std::string& id : trials) {
    const auto trial = state_.trials.find(id);
    if (trial != state_.trials.end())
      judgements.trials[id] = {explainer.IsSuspect(trial->second), explainer.Explain(trial->second)};
  }
  for (const auto& [token, attempt] : state_.attempts) {
    const Trial& trial = state_.trials.at(attempt.trial);
    if (!explainer.IsSuspect(trial)) continue;
    for (const std::string& sweep : trial.sweeps) ++judgements.suspects_of_sweep[sweep];
  }
  return judgements;
}

CoreFigures Core::Figures(Now now) const {
  CoreFigures figures;
  for (const char* word : {"queued", "running", "succeeded", "failed", "canceled", "pruned", "quarantined"})
    figures.trials[word] = 0;
  for (const char* word : {"online", "silent", "draining"}) figures.workers[word] = 0;
  double oldest = now.unix_s;
  for (const auto& [id, trial] : state_.trials) {
    ++figures.trials[std::string(Word(trial.record.state))];
    if (trial.record.state == TrialState::kQueued) oldest = std::min(oldest, trial.record.queued_unix_s);
  }
  figures.queue_age_s = now.unix_s - oldest;
  for (const auto& [id, worker] : state_.workers) {
    if (worker.record.gone) continue;
    ++figures.workers[StateWord(worker, now.steady_ms)];
    const double slots = static_cast<double>(worker.record.slots.size());
    const double busy = std::min(slots, static_cast<double>(worker.tokens.size()));
    figures.busy_slots += busy;
    figures.idle_slots += slots - busy;
  }
  return figures;
}

std::vector<Ticket> Core::Waiting() const {
  std::vector<Ticket> tickets;
  for (const auto& [id, worker] : state_.workers) {
    if (worker.parked) tickets.push_back(worker.parked->ticket);
  }
  return tickets;
}

}  // namespace plasa::coordinator
