#include "coordinator/store/trial_reader.h"

#include <boost/json.hpp>

#include "absl/strings/str_cat.h"
#include "common/runtime/json.h"
#include "coordinator/store/visibility.h"

namespace plasa::store {
namespace {

namespace json = boost::json;

#define PLASA_TRIAL_COLUMNS                                                                                 \
  "SELECT t.id, st.cell, t.seed, t.state, t.params_json, t.admitted, t.valid, t.invalid_reasons, t.cause, " \
  "t.message, t.trainer, t.data_json FROM sweep_trials st JOIN trials t ON t.id = st.trial "

constexpr char kTrialsOfSweep[] = PLASA_TRIAL_COLUMNS "WHERE st.sweep = ? ORDER BY st.position";
constexpr char kTrialOfSweep[] = PLASA_TRIAL_COLUMNS "WHERE st.trial = ? AND st.sweep = ? LIMIT 1";
constexpr char kTrial[] =
    PLASA_TRIAL_COLUMNS "JOIN sweeps s ON s.id = st.sweep WHERE st.trial = ? ORDER BY s.position DESC LIMIT 1";

#undef PLASA_TRIAL_COLUMNS

// The attempts in the scope that was loaded: ?1 is a sweep, ?2 one trial; the other is empty.
constexpr char kScope[] = "(SELECT trial FROM sweep_trials WHERE sweep = ?1 UNION ALL SELECT ?2 WHERE ?2 <> '')";

std::vector<std::string> TextList(const std::string& text) {
  std::vector<std::string> list;
  const auto value = ParseJson(text);
  if (!value.ok() || !value->is_array()) return list;
  for (const json::value& item : value->get_array()) {
    if (item.is_string()) list.emplace_back(item.get_string());
  }
  return list;
}

CertificateView CertificateOf(const std::string& text, bool started) {
  const json::object object = ParseObjectOrEmpty(text);
  CertificateView view;
  view.loaded = TextOr(object, "loaded", "");
  view.from = IntegerOr(object, "from", 0);
  view.chain = TextOr(object, "chain", "");
  view.objection = TextOr(object, "objection", "");
  view.hardware_class = TextOr(object, "hardware_class", "");
  if (started) view.state = !view.objection.empty() ? "broken" : view.chain.empty() ? "unattested" : "holds";
  return view;
}

AttemptView AttemptOf(const Statement& row) {
  AttemptView attempt;
  attempt.token = row.Unsigned(1);
  attempt.number = row.Int(2);
  attempt.state = row.Text(3);
  attempt.worker = row.Text(4);
  attempt.slot = static_cast<int32_t>(row.Int(5));
  attempt.cause = row.Text(6);
  attempt.message = row.Text(7);
  attempt.start_step = row.Int(9);
  attempt.last_step = row.Int(10);
  attempt.created_unix_s = row.Double(12);
  attempt.ended_unix_s = row.Double(13);
  attempt.hardware_class = row.Text(14);
  attempt.build = row.Text(15);
  attempt.data_digest = row.Text(16);
  attempt.certificate = CertificateOf(row.Text(17), row.Int(8) != 0);
  if (attempt.hardware_class.empty())
    attempt.hardware_class = TextOr(ParseObjectOrEmpty(row.Text(17)), "hardware_class", "");
  return attempt;
}

AuditView AuditOf(const std::string& text) {
  const json::object event = ParseObjectOrEmpty(text);
  AuditView audit;
  audit.number = static_cast<int32_t>(IntegerOr(event, "number", 0));
  audit.name = TextOr(event, "name", "");
  audit.passed = BoolOr(event, "passed", false);
  const json::value* figure = event.if_contains("figure");
  audit.figure = figure != nullptr && !figure->is_string() && !figure->is_null() ? json::serialize(*figure)
                                                                                 : TextOr(event, "figure", "");
  audit.message = TextOr(event, "message", "");
  return audit;
}

// A repeated audit, after a resume, replaces what it said before.
void SetAudit(std::vector<AuditView>* audits, AuditView audit) {
  for (AuditView& known : *audits) {
    if (known.number == audit.number && known.name == audit.name) {
      known = std::move(audit);
      return;
    }
  }
  audits->push_back(std::move(audit));
}

void SetMetric(std::vector<MetricView>* metrics, const std::string& name, double value) {
  for (MetricView& metric : *metrics) {
    if (metric.name == name) {
      metric.value = value;
      return;
    }
  }
  metrics->push_back({name, value});
}

}  // namespace

absl::Status TrialReader::LoadSweep(const std::string& sweep) {
  absl::Status read = AddTrialsOf(sweep);
  return read.ok() ? LoadBelongings(sweep, "") : read;
}

absl::Status TrialReader::LoadRowsOf(const std::string& sweep) {
  absl::Status read = LoadAttemptsOf(sweep);
  return read.ok() ? LoadMetrics() : read;
}

absl::Status TrialReader::LoadTrial(const std::string& trial) {
  absl::Status read =
      queries_.Each(kTrial, {absl::string_view(trial)}, [this](const Statement& row) { return AddTrial(row); });
  if (read.ok() && trials_.empty()) return absl::NotFoundError(absl::StrCat("no trial ", trial));
  return read.ok() ? LoadBelongings("", trial) : read;
}

absl::Status TrialReader::LoadTrialOf(const std::string& sweep, const std::string& trial) {
  absl::Status read = queries_.Each(kTrialOfSweep, {absl::string_view(trial), absl::string_view(sweep)},
                                    [this](const Statement& row) { return AddTrial(row); });
  return read.ok() ? LoadBelongings("", trial) : read;
}

absl::Status TrialReader::LoadAttemptsOf(const std::string& sweep) {
  absl::Status read = AddTrialsOf(sweep);
  sweep_ = sweep;
  return read.ok() ? LoadAttempts() : read;
}

absl::Status TrialReader::AddTrialsOf(const std::string& sweep) {
  return queries_.Each(kTrialsOfSweep, {absl::string_view(sweep)},
                       [this](const Statement& row) { return AddTrial(row); });
}

absl::Status TrialReader::AddTrial(const Statement& row) {
  TrialView trial;
  trial.id = row.Text(0);
  trial.cell = row.Text(1);
  trial.seed = row.Unsigned(2);
  trial.state = row.Text(3);
  trial.params_json = row.Text(4);
  trial.admitted = row.Int(5) != 0;
  trial.valid = row.Int(6) != 0;
  trial.invalid_reasons = TextList(row.Text(7));
  trial.cause = row.Text(8);
  trial.message = row.Text(9);
  trial.trainer = row.Text(10);
  trial.data_json = row.Text(11);
  index_[trial.id] = trials_.size();
  trials_.push_back(std::move(trial));
  return absl::OkStatus();
}

absl::Status TrialReader::LoadBelongings(const std::string& sweep, const std::string& trial) {
  sweep_ = sweep;
  trial_ = trial;
  if (absl::Status read = LoadAttempts(); !read.ok()) return read;
  if (absl::Status read = LoadMetrics(); !read.ok()) return read;
  return LoadAudits();
}

absl::Status TrialReader::LoadAttempts() {
  static const std::string kSql = absl::StrCat(
      "SELECT trial, token, number, state, worker, slot, cause, message, started, start_step, last_step, steps_total, "
      "created, "
      "ended, hardware_class, build, data_digest, certificate_json FROM attempts WHERE trial IN ",
      kScope, " ORDER BY trial, number");
  std::map<std::string, std::vector<AttemptStart>> starts;
  absl::Status read =
      queries_.Each(kSql, {absl::string_view(sweep_), absl::string_view(trial_)}, [&](const Statement& row) {
        const auto place = index_.find(row.Text(0));
        if (place == index_.end()) return absl::OkStatus();
        TrialView& trial = trials_[place->second];
        trial.attempts.push_back(AttemptOf(row));
        const bool started = row.Int(8) != 0;
        const AttemptView& attempt = trial.attempts.back();
        starts[trial.id].push_back({attempt.token, attempt.number, started, attempt.start_step});
        if (started) trial.step = attempt.last_step;
        if (row.Int(11) > 0) trial.steps_total = row.Int(11);
        return absl::OkStatus();
      });
  for (const auto& [trial, attempts] : starts) visible_up_to_.merge(VisibleUpTo(attempts));
  return read;
}

std::vector<AttemptPoints> TrialReader::PointsOf(const TrialView& trial) const {
  std::vector<AttemptPoints> attempts;
  for (const AttemptView& attempt : trial.attempts) {
    attempts.push_back({attempt.token, attempt.number, visible_up_to_.at(attempt.token)});
  }
  return attempts;
}

absl::Status TrialReader::LoadMetrics() {
  static const std::string kSql = absl::StrCat(
      "SELECT a.trial, a.token, s.id, s.name, s.first_step, s.first_value, s.last_step, s.last_value FROM attempts a "
      "JOIN series s ON s.attempt = a.token WHERE a.trial IN ",
      kScope, " ORDER BY a.trial, a.number, s.name");
  return queries_.Each(kSql, {absl::string_view(sweep_), absl::string_view(trial_)},
                       [this](const Statement& row) { return AddSeries(row); });
}

// Attempts come oldest first, so a later one's values replace an earlier one's.
absl::Status TrialReader::AddSeries(const Statement& row) {
  const auto place = index_.find(row.Text(0));
  if (place == index_.end()) return absl::OkStatus();
  TrialView& trial = trials_[place->second];
  const int64_t limit = visible_up_to_[row.Unsigned(1)];
  const std::string name = row.Text(3);
  if (row.Int(4) > limit) return absl::OkStatus();
  double last = row.Real(7);
  if (row.Int(6) > limit) {
    const absl::StatusOr<Point> point = series_.LastUpTo(row.Int(2), limit);
    if (!point.ok()) return point.status();
    last = point->value;
  }
  const auto [first, fresh] = first_steps_.emplace(std::pair(place->second, name), row.Int(4));
  if (fresh || row.Int(4) <= first->second) SetMetric(&trial.first_metrics, name, row.Real(5));
  SetMetric(&trial.metrics, name, last);
  return absl::OkStatus();
}

absl::Status TrialReader::LoadAudits() {
  return EachEvent("audit", [](TrialView& trial, const std::string& text) { SetAudit(&trial.audits, AuditOf(text)); });
}

absl::Status TrialReader::EachEvent(const std::string& type, Event use) {
  static const std::string kSql = absl::StrCat(
      "SELECT a.trial, a.token, e.step, e.json FROM attempts a JOIN events e ON e.attempt = a.token AND e.type = ?3 "
      "WHERE a.trial IN ",
      kScope, " ORDER BY a.trial, a.number, e.seq");
  return queries_.Each(kSql, {absl::string_view(sweep_), absl::string_view(trial_), absl::string_view(type)},
                       [&](const Statement& row) {
                         const auto place = index_.find(row.Text(0));
                         if (place == index_.end() || row.Int(2) > visible_up_to_[row.Unsigned(1)])
                           return absl::OkStatus();
                         use(trials_[place->second], row.Text(3));
                         return absl::OkStatus();
                       });
}

absl::StatusOr<std::map<std::string, CheckpointView>> TrialReader::Checkpoints() {
  static const std::string kSql = absl::StrCat(
      "SELECT c.trial, c.digest, c.step, c.events_seq, f.name, f.size, f.sha256 FROM checkpoints c "
      "JOIN checkpoint_files f ON f.trial = c.trial WHERE c.trial IN ",
      kScope, " ORDER BY c.trial, f.name");
  std::map<std::string, CheckpointView> checkpoints;
  absl::Status read =
      queries_.Each(kSql, {absl::string_view(sweep_), absl::string_view(trial_)}, [&](const Statement& row) {
        CheckpointView& view = checkpoints[row.Text(0)];
        view.digest = row.Text(1);
        view.step = row.Int(2);
        view.events_seq = row.Unsigned(3);
        view.files.push_back({row.Text(4), row.Unsigned(5), row.Text(6)});
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return checkpoints;
}

absl::StatusOr<std::map<std::string, std::string>> TrialReader::LastStats() {
  std::map<std::string, std::string> stats;
  absl::Status read = EachEvent("stats", [&](TrialView& trial, const std::string& text) { stats[trial.id] = text; });
  if (!read.ok()) return read;
  return stats;
}

absl::StatusOr<std::map<std::string, std::string>> TrialReader::AcceptedResults() {
  std::map<std::string, std::string> results;
  absl::Status read = EachEvent("result", [&](TrialView& trial, const std::string& text) {
    if (trial.state == "succeeded") results[trial.id] = text;
  });
  if (!read.ok()) return read;
  return results;
}

absl::StatusOr<std::vector<std::string>> TrialReader::Notes() {
  std::vector<std::string> notes;
  absl::Status read = EachEvent("note", [&](TrialView&, const std::string& text) {
    notes.push_back(TextOr(ParseObjectOrEmpty(text), "text", ""));
  });
  if (!read.ok()) return read;
  return notes;
}

}  // namespace plasa::store
