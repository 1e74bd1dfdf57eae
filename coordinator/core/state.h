// All that the core knows, in memory: the rows that matter for decisions, and what only lives as long as the process.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "coordinator/core/model/effects.h"
#include "coordinator/core/model/records.h"
#include "coordinator/core/rungs.h"

namespace plasa::coordinator {

struct Sweep {
  SweepRecord record;
  std::vector<std::string> trials;  // in grid order
  std::optional<Rungs> rungs;       // of a sweep that stops early

  [[nodiscard]] bool HasPruned(const std::string& trial) const { return rungs && rungs->HasPruned(trial); }
};

// Where a queued trial stands: higher priority first, then first come, first served.
struct QueueKey {
  int64_t priority = 0;
  int64_t position = 0;
  std::string trial;
  friend bool operator<(const QueueKey& a, const QueueKey& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.position < b.position;
  }
};

struct Trial {
  TrialRecord record;
  std::set<std::string> sweeps;
  int64_t attempts = 0;  // made so far
  std::optional<PublishedCheckpoint> checkpoint;
  uint64_t conflicts = 0;     // points that contradicted stored ones
  double seconds = 0;         // its successful attempt took; 0 = there is none
  bool finished = false;      // an attempt of it succeeded
  uint64_t token = 0;         // of the attempt that holds it; 0 = none
  int64_t not_before_ms = 0;  // steady time its next attempt may begin
  int64_t priority = 0;       // it was queued with
};

// A call that waits for work.
struct Parked {
  Ticket ticket = 0;
  std::set<int32_t> free_slots;
  int64_t until_ms = 0;
};

struct Worker {
  WorkerRecord record;
  int64_t last_seen_ms = 0;
  bool shown_silent = false;
  uint64_t newest_register = 0;  // numbers of its calls
  uint64_t newest_exchange = 0;
  std::set<uint64_t> tokens;  // of live attempts
  std::optional<Parked> parked;
};

struct StoredReply {
  ReplyRecord record;
  int64_t since_ms = 0;
};

// Everything by id. Owned by Core; plain data that keeps its own indices together.
struct State {
  std::map<std::string, Sweep> sweeps;
  std::unordered_map<std::string, Trial> trials;
  std::unordered_map<uint64_t, AttemptRecord> attempts;  // live ones only
  std::map<std::string, Worker> workers;
  std::map<std::string, StoredReply> replies;
  std::set<QueueKey> queue;
  uint64_t last_token = 0;
  uint64_t token_floor = 0;  // tokens up to here were given before the database was restored from a backup
  int64_t last_sweep_position = 0;
  int64_t last_trial_position = 0;

  // nullptr where there is none.
  [[nodiscard]] Sweep* FindSweep(const std::string& id);
  [[nodiscard]] Trial* FindTrial(const std::string& id);
  [[nodiscard]] AttemptRecord* FindAttempt(uint64_t token);
  [[nodiscard]] Worker* FindWorker(const std::string& id);

  // Puts a trial that is in state queued into the queue, or moves it to where it belongs now.
  void Enqueue(Trial* trial);
  void Dequeue(const Trial& trial);
  // The highest priority of the sweeps that still want the trial.
  [[nodiscard]] int64_t PriorityOf(const Trial& trial) const;
  // Whether a sweep that is not canceled holds the trial and has not pruned it.
  [[nodiscard]] bool IsWanted(const Trial& trial) const;
  // What pruned a trial that no sweep wants; nullptr where nothing did.
  [[nodiscard]] const Rungs* PruningOf(const Trial& trial) const;
  // Takes over what only lives as long as the process and must outlive a reload: how far the workers have counted.
  void KeepCallNumbers(const State& before);
  // Whether a worker that is not gone has a slot of the hardware class.
  [[nodiscard]] bool HasClass(const std::string& hardware_class) const;
};

// Empty, or the first rule that does not hold; after a start, and in tests after every event.
[[nodiscard]] std::string CheckInvariants(const State& state);

}  // namespace plasa::coordinator
