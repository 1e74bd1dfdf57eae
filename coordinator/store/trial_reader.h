// Reads trials with all that belongs to them, many in a few queries.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/series_reader.h"
#include "coordinator/store/views.h"

namespace plasa::store {

// All on one connection, within one transaction of the caller. One use: Load, then the rest for what was loaded.
class TrialReader {
 public:
  explicit TrialReader(Queries& queries) : queries_(queries), series_(queries) {}

  // All trials of a sweep, in grid order.
  [[nodiscard]] absl::Status LoadSweep(const std::string& sweep);
  // The same but for their audits.
  [[nodiscard]] absl::Status LoadRowsOf(const std::string& sweep);
  // One trial; its cell is that of the newest sweep that holds it. NOT_FOUND when there is none.
  [[nodiscard]] absl::Status LoadTrial(const std::string& trial);
  // One trial as `sweep` holds it; nothing is loaded when it does not.
  [[nodiscard]] absl::Status LoadTrialOf(const std::string& sweep, const std::string& trial);

  // All trials of a sweep with their attempts only: enough for PointsOf.
  [[nodiscard]] absl::Status LoadAttemptsOf(const std::string& sweep);

  [[nodiscard]] std::vector<TrialView> TakeTrials() { return std::move(trials_); }
  [[nodiscard]] const std::vector<TrialView>& trials() const { return trials_; }
  // What SeriesReader needs of a loaded trial.
  [[nodiscard]] std::vector<AttemptPoints> PointsOf(const TrialView& trial) const;

  // The last visible `stats` event and the accepted `result` event of each loaded trial that has one, as JSON by trial
  // id.
  [[nodiscard]] absl::StatusOr<std::map<std::string, std::string>> LastStats();
  [[nodiscard]] absl::StatusOr<std::map<std::string, std::string>> AcceptedResults();
  // The last published checkpoint of each loaded trial that has one, by trial id.
  [[nodiscard]] absl::StatusOr<std::map<std::string, CheckpointView>> Checkpoints();
  // Visible notes of the loaded trials, in order.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Notes();

 private:
  using Event = absl::FunctionRef<void(TrialView&, const std::string& json)>;

  [[nodiscard]] absl::Status AddTrial(const Statement& row);
  [[nodiscard]] absl::Status AddTrialsOf(const std::string& sweep);
  [[nodiscard]] absl::Status LoadBelongings(const std::string& sweep, const std::string& trial);
  [[nodiscard]] absl::Status LoadAttempts();
  [[nodiscard]] absl::Status LoadMetrics();
  [[nodiscard]] absl::Status LoadAudits();
  [[nodiscard]] absl::Status AddSeries(const Statement& row);
  // Calls `use` for each visible event of `type`, by attempt and seq.
  [[nodiscard]] absl::Status EachEvent(const std::string& type, Event use);

  Queries& queries_;
  SeriesReader series_;
  std::string sweep_;  // the scope that was loaded: a whole sweep, or one trial
  std::string trial_;
  std::vector<TrialView> trials_;
  std::map<std::string, size_t> index_;                            // trial id → place in trials_
  std::map<uint64_t, int64_t> visible_up_to_;                      // attempt token → step
  std::map<std::pair<size_t, std::string>, int64_t> first_steps_;  // of a trial's series
};

}  // namespace plasa::store
