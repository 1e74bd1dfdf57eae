// Handing out leases.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/core/core.h"
#include "coordinator/core/placement.h"

namespace plasa::coordinator {
namespace {

bool ComesFirst(const Trial* a, const Trial* b) {
  return QueueKey{a->priority, a->record.position, ""} < QueueKey{b->priority, b->record.position, ""};
}

}  // namespace

// Serves the calls that wait for work.
void Core::GrantAll(Now now, Effects* fx) {
  JudgeRungs(now, fx);
  for (auto& [id, worker] : state_.workers) {
    if (!worker.parked) continue;
    std::vector<LeaseGrant> leases = GrantTo(&worker, worker.parked->free_slots, now, fx);
    if (!leases.empty()) AnswerParked(&worker, {std::move(leases), {}, false}, fx);
  }
}

std::vector<LeaseGrant> Core::GrantTo(Worker* worker, const std::set<int32_t>& free_slots, Now now, Effects* fx) {
  std::vector<LeaseGrant> leases;
  if (!TakesWork(*worker, now.steady_ms)) return leases;
  const std::vector<Trial*> eligible = EligibleTrials(now);
  for (const int32_t slot : free_slots) {
    const WorkerDevice* device = DeviceOf(*worker, slot);
    if (device == nullptr) continue;
    Trial* trial = NextTrial(*worker, *device, eligible, now);
    while (trial != nullptr && !TakeFromHolder(trial, now, fx)) trial = NextTrial(*worker, *device, eligible, now);
    if (trial != nullptr) leases.push_back(Grant(trial, worker, slot, *device, now, fx));
  }
  return leases;
}

// Ends the attempt of a holder that is lost. False when that was one too many for the trial.
bool Core::TakeFromHolder(Trial* trial, Now now, Effects* fx) {
  if (trial->token == 0) return true;
  ++fx->expired;
  const AttemptRecord held = state_.attempts.at(trial->token);
  const Worker& holder = state_.workers.at(held.worker);
  const std::string silence = absl::StrCat("its worker was silent for ", SilentMs(holder, now.steady_ms) / 1000, " s");
  Fail(held, Cause::kWorkerLost, holder.record.gone ? "its worker left" : silence, now, fx);
  return trial->record.state == TrialState::kQueued;
}

// Running trials that may be taken from their holders, in the order of the queue.
std::vector<Trial*> Core::EligibleTrials(Now now) {
  std::vector<Trial*> eligible;
  for (const auto& [token, attempt] : state_.attempts) {
    Trial* trial = state_.FindTrial(attempt.trial);
    if (IsEligible(*trial, state_.workers.at(attempt.worker), now.steady_ms) && !trial->record.cancel_requested)
      eligible.push_back(trial);
  }
  std::sort(eligible.begin(), eligible.end(), ComesFirst);
  return eligible;
}

Trial* Core::NextTrial(const Worker& worker, const WorkerDevice& device, const std::vector<Trial*>& eligible, Now now) {
  const auto suits = [&](const Trial& trial) {
    return OffersTrainer(worker, trial) && !IsExcluded(worker, trial) && Fits(trial, device);
  };
  Trial* first = nullptr;
  for (Trial* trial : eligible) {
    const AttemptRecord* attempt = state_.FindAttempt(trial->token);  // nullptr or on a live worker: taken a moment ago
    const bool still = attempt != nullptr && IsEligible(*trial, state_.workers.at(attempt->worker), now.steady_ms);
    if (still && suits(*trial)) {
      first = trial;
      break;
    }
  }
  for (const QueueKey& key : state_.queue) {
    Trial* trial = state_.FindTrial(key.trial);
    if (trial->not_before_ms > now.steady_ms || !suits(*trial)) continue;
    return first != nullptr && ComesFirst(first, trial) ? first : trial;
  }
  return first;
}

LeaseGrant Core::Grant(Trial* trial, Worker* worker, int32_t slot, const WorkerDevice& device, Now now, Effects* fx) {
  state_.Dequeue(*trial);
  AttemptRecord attempt;
  attempt.token = ++state_.last_token;
  attempt.trial = trial->record.id;
  attempt.number = ++trial->attempts;
  attempt.worker = worker->record.id;
  attempt.slot = slot;
  attempt.created_unix_s = now.unix_s;
  attempt.hardware_class = device.hardware_class;
  trial->record.state = TrialState::kRunning;
  trial->token = attempt.token;
  worker->tokens.insert(attempt.token);
  state_.attempts[attempt.token] = attempt;
  fx->writes.emplace_back(PutAttempt{attempt});
  fx->writes.emplace_back(PutTrial{trial->record});
  fx->touched_workers = true;
  ++fx->granted;
  Touch(*trial, fx);
  fx->said.push_back({"lease granted",
                      {{"trial", attempt.trial},
                       {"token", absl::StrCat(attempt.token)},
                       {"worker", attempt.worker},
                       {"slot", absl::StrCat(slot)}}});
  return GrantOf(*trial, attempt);
}

LeaseGrant Core::GrantOf(const Trial& trial, const AttemptRecord& attempt) const {
  LeaseGrant grant;
  grant.token = attempt.token;
  grant.trial = attempt.trial;
  grant.attempt = attempt.number;
  grant.slot = attempt.slot;
  grant.trainer = trial.record.trainer;
  grant.params_json = trial.record.params_json;
  grant.data_json = trial.record.data_json;
  grant.timeout_ms = static_cast<uint64_t>(trial.record.limits.timeout_ms);
  grant.checkpoint_every_ms = static_cast<uint64_t>(trial.record.limits.checkpoint_every_ms);
  if (trial.checkpoint) grant.resume = trial.checkpoint->ref;
  return grant;
}

}  // namespace plasa::coordinator
