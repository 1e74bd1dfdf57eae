#include "coordinator/store/state_loader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/store/counters.h"
#include "coordinator/store/replication_json.h"
#include "coordinator/store/row_json.h"
#include "coordinator/store/rung_reader.h"

namespace plasa::store {
namespace {

using namespace coordinator;  // NOLINT: the nouns of every function here

absl::Status UnknownWord(absl::string_view column, const std::string& word) {
  return absl::DataLossError(
      absl::StrCat("the database holds \"", word, "\" as ", column, ", which this version does not know"));
}

absl::Status Dangling(absl::string_view what, const std::string& id) {
  return absl::DataLossError(absl::StrCat("a row names ", what, " ", id, ", which is not in the database"));
}

// Fills one State, table by table.
class Loader {
 public:
  explicit Loader(Queries& queries) : queries_(queries) {}

  absl::Status LoadAll() {
    for (const auto step : {&Loader::Sweeps, &Loader::Trials, &Loader::Members, &Loader::Workers, &Loader::Attempts,
                            &Loader::Checkpoints, &Loader::CheckpointFiles, &Loader::Reports, &Loader::Decisions,
                            &Loader::Replies, &Loader::Floor, &Loader::Check}) {
      if (absl::Status loaded = (this->*step)(); !loaded.ok()) return loaded;
    }
    return absl::OkStatus();
  }

  State Take() { return std::move(state_); }

 private:
  absl::Status Sweeps() {
    return queries_.Each(
        "SELECT id, position, name, spec_json, metric_name, metric_goal, canceled, priority, created, "
        "replication_open, replication_json FROM sweeps",
        {}, [this](const Statement& row) {
          SweepRecord& s = state_.sweeps[row.Text(0)].record;
          s = {
              row.Text(0), row.Int(1),      row.Text(2), row.Text(3),   row.Text(4),
              row.Text(5), row.Int(6) != 0, row.Int(7),  row.Double(8), ReadReplication(row.Text(10), row.Int(9) != 0)};
          state_.sweeps[s.id].rungs = RungsOfSweep(s);
          state_.last_sweep_position = std::max(state_.last_sweep_position, s.position);
          return absl::OkStatus();
        });
  }

  absl::Status Trials() {
    return queries_.Each(
        "SELECT id, position, seed, params_json, trainer, data_json, limits_json, state, cause, message, admitted, "
        "valid, invalid_reasons, "
        "failures_json, cancel_requested, queued, conflicts, excluded_json FROM trials",
        {}, [this](const Statement& row) { return AddTrial(row); });
  }

  absl::Status AddTrial(const Statement& row) {
    Trial& trial = state_.trials[row.Text(0)];
    TrialRecord& t = trial.record;
    const auto state = ParseTrialState(row.Text(7));
    const auto cause = ParseCause(row.Text(8));
    if (!state) return UnknownWord("state of a trial", row.Text(7));
    if (!cause) return UnknownWord("cause of a trial", row.Text(8));
    t.id = row.Text(0);
    t.position = row.Int(1);
    t.seed = row.Int(2);
    t.params_json = row.Text(3);
    t.trainer = row.Text(4);
    t.data_json = row.Text(5);
    t.limits = ReadLimits(row.Text(6));
    t.state = *state;
    t.cause = *cause;
    t.message = row.Text(9);
    t.admitted = row.Int(10) != 0;
    t.valid = row.Int(11) != 0;
    t.invalid_reasons = ReadTexts(row.Text(12));
    ReadFailures(row.Text(13), &t);
    t.cancel_requested = row.Int(14) != 0;
    t.queued_unix_s = row.Double(15);
    trial.conflicts = row.Unsigned(16);
    for (std::string& worker : ReadTexts(row.Text(17))) t.excluded.insert(std::move(worker));
    state_.last_trial_position = std::max(state_.last_trial_position, t.position);
    return absl::OkStatus();
  }

  absl::Status Members() {
    return queries_.Each("SELECT sweep, trial, cell FROM sweep_trials ORDER BY sweep, position", {},
                         [this](const Statement& row) {
                           Sweep* sweep = state_.FindSweep(row.Text(0));
                           Trial* trial = state_.FindTrial(row.Text(1));
                           if (sweep == nullptr) return Dangling("sweep", row.Text(0));
                           if (trial == nullptr) return Dangling("trial", row.Text(1));
                           sweep->trials.push_back(row.Text(1));
                           if (sweep->rungs) static_cast<void>(sweep->rungs->Add(row.Text(1), row.Text(2)));
                           trial->sweeps.insert(row.Text(0));
                           return absl::OkStatus();
                         });
  }

  absl::Status Workers() {
    return queries_.Each(
        "SELECT id, name, boot_id, version, session, draining, gone, slots_json, trainers_json FROM workers", {},
        [this](const Statement& row) {
          state_.workers[row.Text(0)].record = {
              row.Text(0),           row.Text(1),     row.Text(2),     row.Text(3),
              row.Unsigned(4),       row.Int(5) != 0, row.Int(6) != 0, ReadSlots(row.Text(7)),
              ReadTexts(row.Text(8))};
          return absl::OkStatus();
        });
  }

  absl::Status Attempts() {
    absl::Status counted = queries_.Each(
        "SELECT trial, max(number), max(token), max(CASE WHEN state = 'succeeded' THEN ended - created ELSE 0 END), "
        "max(state = 'succeeded') FROM attempts GROUP BY trial",
        {}, [this](const Statement& row) {
          Trial* trial = state_.FindTrial(row.Text(0));
          if (trial == nullptr) return Dangling("trial", row.Text(0));
          trial->attempts = row.Int(1);
          trial->seconds = row.Double(3);
          trial->finished = row.Int(4) != 0;
          state_.last_token = std::max(state_.last_token, row.Unsigned(2));
          return absl::OkStatus();
        });
    if (!counted.ok()) return counted;
    return queries_.Each(
        "SELECT token, trial, number, state, worker, slot, started, start_step, last_step, steps_total, acked_seq, "
        "created, hardware_class, "
        "build, data_digest, audits_json, result_json, certificate_json FROM attempts WHERE state IN ('leased', "
        "'running')",
        {}, [this](const Statement& row) { return AddAttempt(row); });
  }

  absl::Status AddAttempt(const Statement& row) {
    AttemptRecord a;
    a.token = row.Unsigned(0);
    a.trial = row.Text(1);
    a.number = row.Int(2);
    a.state = row.Text(3) == "leased" ? AttemptState::kLeased : AttemptState::kRunning;
    a.worker = row.Text(4);
    a.slot = static_cast<int32_t>(row.Int(5));
    a.started = row.Int(6) != 0;
    a.start_step = row.Int(7);
    a.last_step = row.Int(8);
    a.steps_total = row.Int(9);
    a.acked_seq = row.Unsigned(10);
    a.created_unix_s = row.Double(11);
    a.hardware_class = row.Text(12);
    a.build = row.Text(13);
    a.data_digest = row.Text(14);
    ReadAudits(row.Text(15), &a);
    ReadResult(row.Text(16), &a);
    a.certificate = ReadCertificate(row.Text(17));
    Worker* worker = state_.FindWorker(a.worker);
    Trial* trial = state_.FindTrial(a.trial);
    if (worker == nullptr) return Dangling("worker", a.worker);
    if (trial == nullptr) return Dangling("trial", a.trial);
    worker->tokens.insert(a.token);
    trial->token = a.token;
    state_.attempts[a.token] = std::move(a);
    return absl::OkStatus();
  }

  absl::Status Checkpoints() {
    return queries_.Each(
        "SELECT trial, attempt, digest, step, events_seq, hardware_class, origin_json FROM checkpoints", {},
        [this](const Statement& row) {
          Trial* trial = state_.FindTrial(row.Text(0));
          if (trial == nullptr) return Dangling("trial", row.Text(0));
          PublishedCheckpoint checkpoint;
          checkpoint.ref = {row.Text(2), row.Int(3), row.Unsigned(4), {}};
          checkpoint.token = row.Unsigned(1);
          checkpoint.hardware_class = row.Text(5);
          ReadOrigin(row.Text(6), &checkpoint);
          trial->checkpoint = std::move(checkpoint);
          return absl::OkStatus();
        });
  }

  absl::Status CheckpointFiles() {
    return queries_.Each("SELECT trial, name, size, sha256 FROM checkpoint_files ORDER BY trial, name", {},
                         [this](const Statement& row) {
                           Trial* trial = state_.FindTrial(row.Text(0));
                           if (trial == nullptr || !trial->checkpoint)
                             return Dangling("a checkpoint of trial", row.Text(0));
                           trial->checkpoint->ref.files.push_back({row.Text(1), row.Unsigned(2), row.Text(3)});
                           return absl::OkStatus();
                         });
  }

  // How far the trials of sweeps that stop early have come.
  absl::Status Reports() {
    for (auto& [id, sweep] : state_.sweeps) {
      if (!sweep.rungs) continue;
      for (const auto& [trial, cell] : sweep.rungs->cell_of) {
        const auto reports = ReadReports(queries_, trial, sweep.rungs->metric);
        if (!reports.ok()) return reports.status();
        for (const MetricReport& report : *reports) sweep.rungs->Count(trial, report);
      }
    }
    return absl::OkStatus();
  }

  absl::Status Decisions() {
    auto rungs = ReadRungs(queries_);
    if (!rungs.ok()) return rungs.status();
    for (RungRecord& rung : *rungs) {
      Sweep* sweep = state_.FindSweep(rung.sweep);
      if (sweep == nullptr || !sweep->rungs) return Dangling("a rung of sweep", rung.sweep);
      for (const RungRecord::Pruned& pruned : rung.pruned) {
        if (!sweep->rungs->cell_of.contains(pruned.trial)) return Dangling("trial", pruned.trial);
      }
      sweep->rungs->Decide(std::move(rung));
    }
    return absl::OkStatus();
  }

  absl::Status Replies() {
    return queries_.Each("SELECT id, body_sha256, reply FROM requests", {}, [this](const Statement& row) {
      state_.replies[row.Text(0)].record = {row.Text(0), row.Text(1), row.Text(2)};
      return absl::OkStatus();
    });
  }

  absl::Status Floor() {
    const absl::StatusOr<uint64_t> floor = TokenFloor(queries_.connection());
    if (!floor.ok()) return floor.status();
    state_.token_floor = *floor;
    state_.last_token = std::max(state_.last_token, *floor);
    return absl::OkStatus();
  }

  // Rows that no core has written together are damage that SQLite cannot see.
  absl::Status Check() {
    for (auto& [id, trial] : state_.trials) {
      if (trial.record.state == TrialState::kQueued) state_.Enqueue(&trial);
    }
    const std::string broken = CheckInvariants(state_);
    return broken.empty() ? absl::OkStatus() : absl::DataLossError(broken);
  }

  Queries& queries_;
  State state_;
};

}  // namespace

absl::StatusOr<State> LoadState(Queries& queries) {
  Loader loader(queries);
  if (absl::Status loaded = loader.LoadAll(); !loaded.ok()) return loaded;
  return loader.Take();
}

}  // namespace plasa::store
