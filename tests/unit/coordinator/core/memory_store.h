// What the database keeps, in memory: applies the core's writes and gives the state back that a restart would load.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "coordinator/core/model/effects.h"
#include "coordinator/core/state.h"

namespace plasa::coordinator {

// The second implementation of the store's contract; the first is coordinator/store.
class MemoryStore {
 public:
  void Apply(const std::vector<Write>& writes);
  // As LoadState reads it from the database.
  [[nodiscard]] State Load() const;
  // Answers to the questions among `writes`, which have been applied.
  [[nodiscard]] std::vector<TrialHistory> HistoriesFor(const std::vector<Write>& writes) const;
  // As restoring a backup of this moment does.
  void JumpTokens();

  // No token up to this one is given (again): what restoring a backup writes.
  void RaiseTokens(uint64_t floor) { token_floor_ = floor; }

  // Visible to tests.
  [[nodiscard]] const std::map<uint64_t, std::vector<TrainerEvent>>& events() const { return events_; }  // by token
  [[nodiscard]] const std::map<std::string, SweepRecord>& sweeps() const { return sweeps_; }
  [[nodiscard]] const std::map<std::string, TrialRecord>& trials() const { return trials_; }
  [[nodiscard]] const std::map<uint64_t, AttemptRecord>& attempts() const { return attempts_; }
  [[nodiscard]] const std::map<std::string, WorkerRecord>& workers() const { return workers_; }
  [[nodiscard]] const std::map<std::string, PublishedCheckpoint>& checkpoints() const { return checkpoints_; }

 private:
  void LoadRungs(State* state) const;
  [[nodiscard]] std::vector<MetricReport> ReportsOf(const std::string& trial, const std::string& metric) const;

  std::map<std::string, SweepRecord> sweeps_;
  std::map<std::string, std::vector<SweepMember>> members_;
  std::map<std::string, TrialRecord> trials_;
  std::map<uint64_t, AttemptRecord> attempts_;
  std::map<std::string, WorkerRecord> workers_;
  std::map<std::string, PublishedCheckpoint> checkpoints_;
  std::map<std::string, ReplyRecord> replies_;
  std::map<std::string, std::vector<RungRecord>> rungs_;  // by sweep, in the order they were decided
  std::map<uint64_t, std::vector<TrainerEvent>> events_;
  uint64_t token_floor_ = 0;
};

// Everything that a restart must not change, as text to compare.
[[nodiscard]] std::string Dump(const State& state);

}  // namespace plasa::coordinator
