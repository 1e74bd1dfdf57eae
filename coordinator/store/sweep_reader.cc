#include "coordinator/store/sweep_reader.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "coordinator/store/replication_json.h"

namespace plasa::store {
namespace {

constexpr const char* kStates[] = {"queued", "running",  "suspect", "succeeded",
                                   "failed", "canceled", "pruned",  "quarantined"};

#define PLASA_SWEEP_COLUMNS                                                                                           \
  "SELECT id, name, spec_json, metric_name, metric_goal, created, canceled, replication_open, replication_json FROM " \
  "sweeps "
constexpr char kNewest[] = PLASA_SWEEP_COLUMNS "ORDER BY position DESC LIMIT ?";
constexpr char kById[] = PLASA_SWEEP_COLUMNS "WHERE id = ?";
#undef PLASA_SWEEP_COLUMNS

// State of each trial, and how far its newest started attempt came.
constexpr char kWork[] =
    "SELECT t.state, a.last_step, a.steps_total, a.created FROM sweep_trials st JOIN trials t ON t.id = st.trial "
    "LEFT JOIN attempts a ON a.token = (SELECT token FROM attempts WHERE trial = t.id AND started = 1 "
    "ORDER BY number DESC LIMIT 1) WHERE st.sweep = ?";

constexpr char kFinalValues[] =
    "SELECT st.trial, s.last_value FROM sweep_trials st JOIN trials t ON t.id = st.trial AND t.admitted = 1 AND "
    "t.valid = 1 "
    "JOIN attempts a ON a.trial = t.id AND a.state = 'succeeded' JOIN series s ON s.attempt = a.token AND s.name = ? "
    "WHERE st.sweep = ? ORDER BY st.position";

SweepView SweepOf(const Statement& row) {
  SweepView sweep;
  sweep.id = row.Text(0);
  sweep.name = row.Text(1);
  sweep.spec_json = row.Text(2);
  sweep.metric_name = row.Text(3);
  sweep.metric_goal = row.Text(4);
  sweep.created_unix_s = row.Double(5);
  sweep.replication = ReadReplication(row.Text(8), row.Int(7) != 0);
  for (const char* state : kStates) sweep.counts[state] = 0;
  return sweep;
}

bool Live(const std::string& state) { return state == "queued" || state == "running"; }

std::string StateOf(const SweepView& sweep, bool canceled) {
  const auto count = [&](const char* state) { return sweep.counts.at(state); };
  if (count("queued") + count("running") > 0) return canceled && count("running") == 0 ? "canceled" : "running";
  if (sweep.replication.open && !canceled) return "running";  // more seeds may come
  if (count("failed") + count("quarantined") > 0) return "failed";
  if (canceled || count("canceled") > 0) return "canceled";
  return "succeeded";
}

}  // namespace

// Steps as shares of a trial, so that trials of any length count alike.
struct SweepReader::Work {
  double done = 0;           // shares of all trials
  double done_here = 0;      // of them by attempts made since the sweep was submitted
  double left = 0;           // shares of trials that still live
  double first_attempt = 0;  // when the first of those attempts was made; 0 = none
};

absl::StatusOr<std::vector<SweepView>> SweepReader::Newest(size_t limit) {
  std::vector<std::pair<SweepView, bool>> found;
  absl::Status read = queries_.Each(kNewest, {Integer(limit)}, [&](const Statement& row) {
    found.emplace_back(SweepOf(row), row.Int(6) != 0);
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  std::vector<SweepView> sweeps;
  for (auto& [sweep, canceled] : found) {
    if (absl::Status completed = Complete(&sweep, canceled); !completed.ok()) return completed;
    sweeps.push_back(std::move(sweep));
  }
  return sweeps;
}

absl::StatusOr<SweepView> SweepReader::Get(const std::string& id) {
  absl::StatusOr<SweepView> sweep = absl::NotFoundError(absl::StrCat("no sweep ", id));
  bool canceled = false;
  absl::Status read = queries_.Each(kById, {absl::string_view(id)}, [&](const Statement& row) {
    sweep = SweepOf(row);
    canceled = row.Int(6) != 0;
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  if (!sweep.ok()) return sweep;
  if (absl::Status completed = Complete(&*sweep, canceled); !completed.ok()) return completed;
  return sweep;
}

absl::Status SweepReader::Complete(SweepView* sweep, bool canceled) {
  const absl::StatusOr<Work> work = WorkOf(*sweep);
  if (!work.ok()) return work.status();
  absl::Status counted = queries_.Each(
      "SELECT t.state, count(*) FROM sweep_trials st JOIN trials t ON t.id = st.trial WHERE st.sweep = ? GROUP BY "
      "t.state",
      {absl::string_view(sweep->id)}, [&](const Statement& row) {
        sweep->counts[row.Text(0)] = static_cast<uint32_t>(row.Int(1));
        sweep->trials += static_cast<uint32_t>(row.Int(1));
        return absl::OkStatus();
      });
  if (!counted.ok()) return counted;
  sweep->state = StateOf(*sweep, canceled);
  sweep->progress = sweep->trials == 0 ? 1.0 : work->done / sweep->trials;
  const absl::StatusOr<int64_t> now_ms =
      queries_.connection().QueryInt("SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)");
  if (!now_ms.ok()) return now_ms.status();
  const double elapsed = static_cast<double>(*now_ms) / 1000 - work->first_attempt;
  if (work->left > 0 && work->done_here > 0 && sweep->state == "running") {
    sweep->eta_s = std::max(0.0, elapsed) * work->left / work->done_here;
  }
  return SetBest(sweep);
}

absl::StatusOr<SweepReader::Work> SweepReader::WorkOf(const SweepView& sweep) {
  Work work;
  absl::Status read = queries_.Each(kWork, {absl::string_view(sweep.id)}, [&](const Statement& row) {
    const bool live = Live(row.Text(0));
    const double total = static_cast<double>(row.Int(2));
    const double reached = total > 0 ? std::clamp(static_cast<double>(row.Int(1)) / total, 0.0, 1.0) : 0.0;
    const double share = live ? reached : 1.0;
    const double created = row.Double(3);
    work.done += share;
    if (live) work.left += 1.0 - share;
    if (created < sweep.created_unix_s) return absl::OkStatus();
    work.done_here += share;
    if (work.first_attempt == 0 || created < work.first_attempt) work.first_attempt = created;
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return work;
}

absl::Status SweepReader::SetBest(SweepView* sweep) {
  const bool minimize = sweep->metric_goal != "maximize";
  return queries_.Each(kFinalValues, {absl::string_view(sweep->metric_name), absl::string_view(sweep->id)},
                       [&](const Statement& row) {
                         const double value = row.Real(1);
                         const bool better = minimize ? value < sweep->best_value : value > sweep->best_value;
                         if (std::isfinite(value) && (sweep->best_trial.empty() || better)) {
                           sweep->best_trial = row.Text(0);
                           sweep->best_value = value;
                         }
                         return absl::OkStatus();
                       });
}

absl::StatusOr<std::vector<std::string>> SweepReader::Column(const std::string& sql, const std::string& parameter) {
  std::vector<std::string> values;
  absl::Status read = queries_.Each(sql, {absl::string_view(parameter)}, [&](const Statement& row) {
    values.push_back(row.Text(0));
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return values;
}

absl::StatusOr<std::string> SweepReader::Find(const std::string& text) {
  if (text.empty())
    return absl::InvalidArgumentError("no sweep is named (give an id, a prefix of one, a name, or 'last')");
  const char* const ways[] = {"SELECT id FROM sweeps WHERE id = ?1",
                              "SELECT id FROM sweeps WHERE name = ?1 ORDER BY position DESC LIMIT 1",
                              "SELECT id FROM sweeps WHERE ?1 = 'last' ORDER BY position DESC LIMIT 1",
                              "SELECT id FROM sweeps WHERE substr(id, 1, length(?1)) = ?1 LIMIT 2"};
  for (const char* sql : ways) {
    const absl::StatusOr<std::vector<std::string>> found = Column(sql, text);
    if (!found.ok()) return found.status();
    if (found->size() == 1) return found->front();
    if (found->size() > 1)
      return absl::InvalidArgumentError(absl::StrCat("'", text, "' fits several sweeps; give more of the id"));
  }
  return absl::NotFoundError(text == "last" ? "there is no sweep yet"
                                            : absl::StrCat("no sweep is called '", text, "'"));
}

absl::StatusOr<std::vector<std::string>> SweepReader::AtALook() {
  std::vector<std::string> sweeps;
  absl::Status read = queries_.Each(
      "SELECT s.id FROM sweeps s WHERE s.replication_open = 1 AND s.canceled = 0 AND NOT EXISTS (SELECT 1 FROM "
      "sweep_trials st JOIN trials t ON t.id = st.trial WHERE st.sweep = s.id AND t.state IN ('queued', 'running')) "
      "ORDER BY s.position",
      {}, [&](const Statement& row) {
        sweeps.push_back(row.Text(0));
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return sweeps;
}

absl::StatusOr<int64_t> SweepReader::LargestSeed(const std::string& sweep) {
  int64_t largest = 0;
  absl::Status read =
      queries_.Each("SELECT max(t.seed) FROM sweep_trials st JOIN trials t ON t.id = st.trial WHERE st.sweep = ?",
                    {absl::string_view(sweep)}, [&](const Statement& row) {
                      largest = row.Int(0);
                      return absl::OkStatus();
                    });
  if (!read.ok()) return read;
  return largest;
}

absl::StatusOr<std::string> SweepReader::FindTrial(const std::string& text) {
  if (text.empty()) return absl::InvalidArgumentError("no trial is named (give its id or a prefix of it)");
  if (text == "last") {
    const absl::StatusOr<std::vector<std::string>> newest =
        Column("SELECT trial FROM attempts WHERE ?1 = 'last' ORDER BY token DESC LIMIT 1", text);
    if (!newest.ok()) return newest.status();
    if (newest->empty()) return absl::NotFoundError("no trial has run yet");
    return newest->front();
  }
  const absl::StatusOr<std::vector<std::string>> found =
      Column("SELECT id FROM trials WHERE id >= ?1 AND substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT 2", text);
  if (!found.ok()) return found.status();
  if (found->empty()) return absl::NotFoundError(absl::StrCat("no trial is called '", text, "'"));
  if (found->size() == 1 || found->front() == text) return found->front();
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' fits several trials; give more of the id"));
}

absl::StatusOr<std::vector<std::string>> SweepReader::SweepsOf(const std::string& trial) {
  return Column(
      "SELECT s.id FROM sweep_trials st JOIN sweeps s ON s.id = st.sweep WHERE st.trial = ? ORDER BY s.position",
      trial);
}

}  // namespace plasa::store
