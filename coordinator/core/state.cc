#include "coordinator/core/state.h"

#include <algorithm>

namespace plasa::coordinator {
namespace {

template <class Map, class Key>
auto* FindIn(Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

QueueKey KeyOf(const Trial& trial) { return {trial.priority, trial.record.position, trial.record.id}; }

std::string CheckTrial(const State& state, const Trial& trial) {
  const std::string& id = trial.record.id;
  const bool queued = trial.record.state == TrialState::kQueued;
  if (queued != (state.queue.count(KeyOf(trial)) == 1)) return "queue and state of trial " + id + " differ";
  if ((trial.record.state == TrialState::kRunning) != (trial.token != 0))
    return "trial " + id + " runs without an attempt, or has one at rest";
  if (trial.sweeps.empty()) return "no sweep holds trial " + id;
  if (trial.record.state == TrialState::kPruned && state.PruningOf(trial) == nullptr)
    return "trial " + id + " is pruned though it is wanted, or nothing pruned it";
  if (trial.record.admitted && trial.record.state != TrialState::kSucceeded)
    return "trial " + id + " is admitted and has not succeeded";
  if (trial.token == 0) return "";
  const auto attempt = state.attempts.find(trial.token);
  if (attempt == state.attempts.end() || attempt->second.trial != id)
    return "the token of trial " + id + " is not its attempt's";
  return attempt->second.number > trial.attempts ? "trial " + id + " counts its attempts wrongly" : "";
}

std::string CheckAttempt(const State& state, const AttemptRecord& attempt) {
  const std::string name = "attempt " + std::to_string(attempt.token);
  if (!IsLive(attempt.state)) return name + " has ended and is still held";
  if (attempt.token > state.last_token) return name + " has a token that was never given";
  const auto trial = state.trials.find(attempt.trial);
  if (trial == state.trials.end() || trial->second.token != attempt.token) return name + " does not hold its trial";
  const auto worker = state.workers.find(attempt.worker);
  if (worker == state.workers.end() || worker->second.tokens.count(attempt.token) == 0)
    return name + " is not on its worker";
  return "";
}

std::string CheckWorker(const State& state, const Worker& worker) {
  for (const uint64_t token : worker.tokens) {
    const auto attempt = state.attempts.find(token);
    if (attempt == state.attempts.end() || attempt->second.worker != worker.record.id)
      return "worker " + worker.record.id + " lists a foreign token";
  }
  return "";
}

}  // namespace

Sweep* State::FindSweep(const std::string& id) { return FindIn(sweeps, id); }
Trial* State::FindTrial(const std::string& id) { return FindIn(trials, id); }
AttemptRecord* State::FindAttempt(uint64_t token) { return FindIn(attempts, token); }
Worker* State::FindWorker(const std::string& id) { return FindIn(workers, id); }

void State::Enqueue(Trial* trial) {
  Dequeue(*trial);
  trial->priority = PriorityOf(*trial);
  queue.insert(KeyOf(*trial));
}

void State::Dequeue(const Trial& trial) { queue.erase(KeyOf(trial)); }

int64_t State::PriorityOf(const Trial& trial) const {
  std::optional<int64_t> highest;
  for (const std::string& id : trial.sweeps) {
    const SweepRecord& sweep = sweeps.at(id).record;
    if (!sweep.canceled) highest = std::max(highest.value_or(sweep.priority), sweep.priority);
  }
  return highest.value_or(0);
}

bool State::IsWanted(const Trial& trial) const {
  return std::any_of(trial.sweeps.begin(), trial.sweeps.end(), [&](const std::string& id) {
    const Sweep& sweep = sweeps.at(id);
    return !sweep.record.canceled && !sweep.HasPruned(trial.record.id);
  });
}

const Rungs* State::PruningOf(const Trial& trial) const {
  if (IsWanted(trial)) return nullptr;
  for (const std::string& id : trial.sweeps) {
    const Sweep& sweep = sweeps.at(id);
    if (sweep.HasPruned(trial.record.id)) return &*sweep.rungs;
  }
  return nullptr;
}

void State::KeepCallNumbers(const State& before) {
  for (auto& [id, worker] : workers) {
    const auto known = before.workers.find(id);
    if (known == before.workers.end()) continue;
    worker.newest_register = known->second.newest_register;
    worker.newest_exchange = known->second.newest_exchange;
  }
}

bool State::HasClass(const std::string& hardware_class) const {
  for (const auto& [id, worker] : workers) {
    const auto has = [&](const WorkerSlot& slot) { return slot.device.hardware_class == hardware_class; };
    if (!worker.record.gone && std::any_of(worker.record.slots.begin(), worker.record.slots.end(), has)) return true;
  }
  return false;
}

std::string CheckInvariants(const State& state) {
  size_t queued = 0;
  for (const auto& [id, trial] : state.trials) {
    if (std::string broken = CheckTrial(state, trial); !broken.empty()) return broken;
    if (trial.record.state == TrialState::kQueued) ++queued;
  }
  if (queued != state.queue.size()) return "the queue holds trials that are not queued";
  for (const auto& [token, attempt] : state.attempts) {
    if (std::string broken = CheckAttempt(state, attempt); !broken.empty()) return broken;
  }
  for (const auto& [id, worker] : state.workers) {
    if (std::string broken = CheckWorker(state, worker); !broken.empty()) return broken;
  }
  return "";
}

}  // namespace plasa::coordinator
