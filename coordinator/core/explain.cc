#include "coordinator/core/explain.h"

#include "absl/strings/str_cat.h"
#include "coordinator/core/placement.h"

namespace plasa::coordinator {
namespace {

std::string Trials(size_t count) { return absl::StrCat(count, count == 1 ? " trial is" : " trials are"); }

std::string Seconds(int64_t ms) { return absl::StrCat((ms + 999) / 1000, " s"); }

const std::string& NameOf(const Worker& worker) {
  return worker.record.name.empty() ? worker.record.id : worker.record.name;
}

std::string HowItLastEnded(const Trial& trial) {
  if (trial.record.message.empty()) return "";
  return absl::StrCat(" Attempt ", trial.attempts, " ended: ", trial.record.message, ".");
}

// "2 of 3 slots are busy" over the workers that could run the trial.
struct Room {
  size_t slots = 0;
  size_t busy = 0;
};

}  // namespace

bool Explainer::IsSuspect(const Trial& trial) const {
  const auto attempt = state_.attempts.find(trial.token);
  if (attempt == state_.attempts.end()) return false;
  const Worker& worker = state_.workers.at(attempt->second.worker);
  return worker.record.gone || SilentMs(worker, now_.steady_ms) > kSuspectAfterMs;
}

std::string Explainer::Explain(const Trial& trial) const {
  const TrialRecord& record = trial.record;
  switch (record.state) {
    case TrialState::kQueued:
      return Queued(trial) + HowItLastEnded(trial);
    case TrialState::kRunning:
      return Running(trial);
    case TrialState::kSucceeded:
      return record.valid ? "Succeeded: its audits passed and its result counts."
                          : "Succeeded, but its result is INVALID and counts in no verdict: it ran with historical "
                            "defects switched on.";
    case TrialState::kFailed:
      return absl::StrCat("Failed after ", trial.attempts, trial.attempts == 1 ? " attempt" : " attempts", " (",
                          std::string(Word(record.cause)), "): ", record.message,
                          ". Mend the cause, then submit the sweep again: only what failed is queued.");
    case TrialState::kCanceled:
      return "Canceled. Submit the sweep again to queue it.";
    case TrialState::kPruned:
      return absl::StrCat("Pruned at ", record.message, ". Its points are kept and shown, and left out of every ",
                          "table and verdict.");
    case TrialState::kQuarantined:
      return absl::StrCat("Quarantined: ", record.message, ". It is kept and shown, and left out of every verdict.");
  }
  return "";
}

std::string Explainer::Running(const Trial& trial) const {
  const AttemptRecord& attempt = state_.attempts.at(trial.token);
  const Worker& worker = state_.workers.at(attempt.worker);
  const std::string where = absl::StrCat("worker ", NameOf(worker), ", slot ", attempt.slot);
  if (trial.record.cancel_requested) {
    const Rungs* rungs = state_.PruningOf(trial);
    if (rungs == nullptr) return absl::StrCat("Is being canceled on ", where, ".");
    return absl::StrCat("Is being pruned on ", where, ", at ", rungs->WhyPruned(trial.record.id), ".");
  }
  if (worker.record.gone) return absl::StrCat("Its worker ", NameOf(worker), " left; another one may take it.");
  const int64_t silent = SilentMs(worker, now_.steady_ms);
  if (IsEligible(trial, worker, now_.steady_ms)) {
    return absl::StrCat("Its worker ", NameOf(worker), " has been silent for ", Seconds(silent),
                        "; the next free slot that fits takes it over.");
  }
  if (silent > kSuspectAfterMs) {
    return absl::StrCat("Its worker ", NameOf(worker), " has been silent for ", Seconds(silent), "; after ",
                        Seconds(trial.record.limits.lost_after_ms), " another one may take it.");
  }
  if (!attempt.started) return absl::StrCat("Attempt ", attempt.number, " is starting on ", where, ".");
  return absl::StrCat("Attempt ", attempt.number, " runs on ", where, ", at step ", attempt.last_step,
                      attempt.steps_total > 0 ? absl::StrCat(" of ", attempt.steps_total) : "", ".");
}

std::string Explainer::Queued(const Trial& trial) const {
  if (trial.not_before_ms > now_.steady_ms) {
    return absl::StrCat("Waits ", Seconds(trial.not_before_ms - now_.steady_ms), " before its next attempt.");
  }
  return Obstacle(trial);
}

// The first thing in the way, from the whole fleet to one slot.
std::string Explainer::Obstacle(const Trial& trial) const {
  bool any = false, takes = false, offers = false, allowed = false;
  Room room;
  for (const auto& [id, worker] : state_.workers) {
    if (worker.record.gone) continue;
    any = true;
    if (!TakesWork(worker, now_.steady_ms)) continue;
    takes = true;
    if (!OffersTrainer(worker, trial)) continue;
    offers = true;
    if (IsExcluded(worker, trial)) continue;
    allowed = true;
    size_t fitting = 0;
    for (const WorkerSlot& slot : worker.record.slots) fitting += Fits(trial, slot.device) ? 1 : 0;
    room.slots += fitting;
    room.busy += std::min(fitting, worker.tokens.size());
  }
  if (!any) return "Waits for a worker: none is connected (`plasactl worker token` says how to add one).";
  if (!takes) return "Waits for a worker: all of them drain or are silent (`plasactl worker list`).";
  if (!offers) {
    return absl::StrCat("No worker offers the trainer \"", trial.record.trainer, "\" (start one with --trainer ",
                        trial.record.trainer, "=PATH).");
  }
  if (!allowed) {
    return "A log rule of the sweep keeps it from every worker that could run it (plasa.log_rules; add a worker, or "
           "submit the sweep again to forget that).";
  }
  if (room.slots == 0 && !trial.record.limits.hardware_class.empty()) {
    return absl::StrCat("No slot has the device, the memory or the hardware class, \"",
                        trial.record.limits.hardware_class, "\", that the sweep asks for (plasa.resources).");
  }
  if (room.slots == 0 && trial.checkpoint) {
    const std::string& made_by = trial.checkpoint->hardware_class;
    return absl::StrCat("No slot has the hardware class of its checkpoint, ",
                        made_by.empty() ? "none (its worker had no plasa-trainer)" : absl::StrCat("\"", made_by, "\""),
                        ": resuming elsewhere would change its numbers (add such a worker, or cancel the trial and "
                        "submit the sweep again to start over).");
  }
  if (room.slots == 0) return "No slot has the device or memory that the sweep asks for (plasa.resources).";
  return absl::StrCat("Waits for a free slot: ", room.busy, " of ", room.slots, " are busy; ", Trials(Before(trial)),
                      " before it.");
}

// Precondition: the trial is queued.
size_t Explainer::Before(const Trial& trial) const {
  if (ranks_.empty()) {
    for (const QueueKey& key : state_.queue) ranks_.emplace(key.trial, ranks_.size());
  }
  return ranks_.at(trial.record.id);
}

}  // namespace plasa::coordinator
