#include "coordinator/store/effects_writer.h"

#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "coordinator/store/log_writer.h"
#include "coordinator/store/replication_json.h"
#include "coordinator/store/row_json.h"
#include "coordinator/store/rung_reader.h"
#include "coordinator/store/series_writer.h"

namespace plasa::store {
namespace {

using namespace coordinator;  // NOLINT: the nouns of every function here

absl::string_view Text(std::string_view text) { return {text.data(), text.size()}; }
absl::string_view Text(const std::string& text) { return text; }
int64_t Flag(bool flag) { return flag ? 1 : 0; }

// Events that are kept as they came. Metrics become points; progress is only the attempt's newest step.
bool IsKept(const TrainerEvent& event) { return event.type != "metric" && event.type != "progress"; }

// One function a kind of write.
class Applier {
 public:
  Applier(Queries& queries, Written* written) : queries_(queries), written_(written) {}

  absl::Status operator()(const PutSweep& put) {
    const SweepRecord& s = put.sweep;
    const std::string replication = ReplicationJson(s.replication);
    return queries_.Run(
        "INSERT INTO sweeps (id, position, name, spec_json, metric_name, metric_goal, canceled, priority, created, "
        "replication_open, replication_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET canceled = excluded.canceled, replication_open = excluded.replication_open, "
        "replication_json = excluded.replication_json",
        {Text(s.id), s.position, Text(s.name), Text(s.spec_json), Text(s.metric_name), Text(s.metric_goal),
         Flag(s.canceled), s.priority, s.created_unix_s, Flag(s.replication.open), Text(replication)});
  }

  // After the trials: a member is written once.
  absl::Status operator()(const PutMembers& put) {
    int64_t position = put.first;
    for (const SweepMember& member : put.members) {
      absl::Status added = queries_.Run("INSERT INTO sweep_trials (sweep, position, trial, cell) VALUES (?, ?, ?, ?)",
                                        {Text(put.sweep), position++, Text(member.trial), Text(member.cell)});
      if (!added.ok()) return added;
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const PutTrial& put) {
    const TrialRecord& t = put.trial;
    const std::string limits = LimitsJson(t.limits), reasons = TextsJson(t.invalid_reasons), failures = FailuresJson(t),
                      excluded = TextsJson({t.excluded.begin(), t.excluded.end()});
    return queries_.Run(
        "INSERT INTO trials (id, position, seed, params_json, trainer, data_json, limits_json, state, cause, message, "
        "admitted, valid, "
        "invalid_reasons, failures_json, excluded_json, cancel_requested, queued) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, "
        "?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET limits_json = excluded.limits_json, state = excluded.state, cause = "
        "excluded.cause, "
        "message = excluded.message, admitted = excluded.admitted, valid = excluded.valid, invalid_reasons = "
        "excluded.invalid_reasons, "
        "failures_json = excluded.failures_json, excluded_json = excluded.excluded_json, cancel_requested = "
        "excluded.cancel_requested, queued = "
        "excluded.queued",
        {Text(t.id), t.position, t.seed, Text(t.params_json), Text(t.trainer), Text(t.data_json), Text(limits),
         Text(Word(t.state)), Text(Word(t.cause)), Text(t.message), Flag(t.admitted), Flag(t.valid), Text(reasons),
         Text(failures), Text(excluded), Flag(t.cancel_requested), t.queued_unix_s});
  }

  absl::Status operator()(const PutAttempt& put) {
    const AttemptRecord& a = put.attempt;
    const std::string audits = AuditsJson(a), result = ResultJson(a), certificate = CertificateJson(a.certificate);
    return queries_.Run(
        "INSERT INTO attempts (token, trial, number, state, worker, slot, cause, message, started, start_step, "
        "last_step, steps_total, "
        "acked_seq, created, ended, hardware_class, build, data_digest, audits_json, result_json, certificate_json) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (token) DO UPDATE SET state = excluded.state, cause = excluded.cause, message = excluded.message, "
        "started = excluded.started, start_step = excluded.start_step, last_step = excluded.last_step, steps_total = "
        "excluded.steps_total, "
        "acked_seq = excluded.acked_seq, ended = excluded.ended, hardware_class = excluded.hardware_class, build = "
        "excluded.build, "
        "data_digest = excluded.data_digest, audits_json = excluded.audits_json, result_json = excluded.result_json, "
        "certificate_json = excluded.certificate_json",
        {Integer(a.token),       Text(a.trial),    a.number,
         Text(Word(a.state)),    Text(a.worker),   int64_t{a.slot},
         Text(Word(a.cause)),    Text(a.message),  Flag(a.started),
         a.start_step,           a.last_step,      a.steps_total,
         Integer(a.acked_seq),   a.created_unix_s, a.ended_unix_s,
         Text(a.hardware_class), Text(a.build),    Text(a.data_digest),
         Text(audits),           Text(result),     Text(certificate)});
  }

  absl::Status operator()(const PutWorker& put) {
    const WorkerRecord& w = put.worker;
    const std::string slots = SlotsJson(w.slots), trainers = TextsJson(w.trainers);
    return queries_.Run(
        "INSERT OR REPLACE INTO workers (id, name, boot_id, version, session, draining, gone, slots_json, "
        "trainers_json) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {Text(w.id), Text(w.name), Text(w.boot_id), Text(w.version), Integer(w.session), Flag(w.draining), Flag(w.gone),
         Text(slots), Text(trainers)});
  }

  absl::Status operator()(const PutCheckpoint& put) {
    absl::Status dropped = (*this)(DropCheckpoint{put.trial});
    if (!dropped.ok()) return dropped;
    const CheckpointRef& c = put.checkpoint.ref;
    const std::string origin = OriginJson(put.checkpoint);
    absl::Status added = queries_.Run(
        "INSERT INTO checkpoints (trial, attempt, digest, step, events_seq, hardware_class, origin_json) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        {Text(put.trial), Integer(put.checkpoint.token), Text(c.digest), c.step, Integer(c.events_seq),
         Text(put.checkpoint.hardware_class), Text(origin)});
    for (const CheckpointFileRef& file : c.files) {
      if (!added.ok()) return added;
      added = queries_.Run("INSERT INTO checkpoint_files (trial, name, size, sha256) VALUES (?, ?, ?, ?)",
                           {Text(put.trial), Text(file.name), Integer(file.size), Text(file.sha256)});
    }
    for (const std::string& digest : std::exchange(candidates_, {})) {
      if (added.ok()) added = NoteIfUnreferenced(digest);
    }
    return added;
  }

  absl::Status operator()(const DropCheckpoint& drop) {
    absl::Status read = queries_.Each(
        "SELECT digest FROM checkpoints WHERE trial = ?1 UNION SELECT sha256 FROM checkpoint_files WHERE trial = ?1",
        {Text(drop.trial)}, [this](const Statement& row) {
          candidates_.insert(row.Text(0));
          return absl::OkStatus();
        });
    return read.ok() ? queries_.Run("DELETE FROM checkpoints WHERE trial = ?", {Text(drop.trial)}) : read;
  }

  absl::Status operator()(const AppendEvents& append) {
    std::vector<std::pair<std::string, Point>> points;
    for (const TrainerEvent& event : append.events) {
      for (const auto& [name, value] : event.metrics) points.push_back({name, {event.step, value, event.time_unix_s}});
      if (!IsKept(event)) continue;
      absl::Status kept =
          queries_.Run("INSERT OR IGNORE INTO events (attempt, seq, type, step, time, json) VALUES (?, ?, ?, ?, ?, ?)",
                       {Integer(append.token), Integer(event.seq), Text(event.type), event.step, event.time_unix_s,
                        Text(event.json)});
      if (!kept.ok()) return kept;
    }
    const absl::StatusOr<PointCounts> counts = AppendPoints(queries_, append.token, points);
    if (!counts.ok()) return counts.status();
    written_->points.ingested += counts->ingested;
    written_->points.duplicate += counts->duplicate;
    written_->points.conflicting += counts->conflicting;
    return counts->conflicting > 0 ? Flagged(append.trial, counts->conflicting) : absl::OkStatus();
  }

  absl::Status operator()(const coordinator::AppendLog& append) {
    return store::AppendLog(queries_, append.piece.token, append.piece.offset, append.piece.data);
  }

  absl::Status operator()(const PutData& put) {
    for (const auto& [sha256, size] : put.data.files) {
      absl::Status added = queries_.Run("INSERT OR IGNORE INTO data_files (data, sha256, size) VALUES (?, ?, ?)",
                                        {Text(put.data.digest), Text(sha256), Integer(size)});
      if (!added.ok()) return added;
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const PutRung& put) {
    const RungRecord& r = put.rung;
    absl::Status added =
        queries_.Run("INSERT INTO rungs (sweep, rung, cells, kept, worst_kept, decided) VALUES (?, ?, ?, ?, ?, ?)",
                     {Text(r.sweep), r.rung, r.cells, r.kept, Bits{r.worst_kept}, r.decided_unix_s});
    for (const RungRecord::Pruned& pruned : r.pruned) {
      if (!added.ok()) return added;
      added = queries_.Run("INSERT INTO pruned (sweep, rung, trial, value) VALUES (?, ?, ?, ?)",
                           {Text(r.sweep), r.rung, Text(pruned.trial), Bits{pruned.value}});
    }
    return added;
  }

  absl::Status operator()(const AskHistory& ask) {
    absl::StatusOr<std::vector<MetricReport>> reports = ReadReports(queries_, ask.trial, ask.metric);
    if (!reports.ok()) return reports.status();
    written_->histories.push_back({ask.sweep, ask.trial, *std::move(reports)});
    return absl::OkStatus();
  }

  absl::Status operator()(const PutReply& put) {
    return queries_.Run("INSERT OR REPLACE INTO requests (id, body_sha256, reply) VALUES (?, ?, ?)",
                        {Text(put.reply.id), Text(put.reply.body_sha256), Text(put.reply.reply)});
  }

  absl::Status operator()(const DropReply& drop) {
    return queries_.Run("DELETE FROM requests WHERE id = ?", {Text(drop.id)});
  }

 private:
  absl::Status Flagged(const std::string& trial, uint64_t points) {
    written_->conflicts.push_back({trial, points});
    return queries_.Run("UPDATE trials SET conflicts = conflicts + ? WHERE id = ?", {Integer(points), Text(trial)});
  }

  absl::Status NoteIfUnreferenced(const std::string& digest) {
    bool referenced = false;
    absl::Status read = queries_.Each(
        "SELECT 1 FROM checkpoint_files WHERE sha256 = ?1 UNION ALL SELECT 1 FROM checkpoints WHERE digest = ?1 UNION "
        "ALL SELECT 1 FROM data_files WHERE sha256 = ?1 LIMIT 1",
        {Text(digest)}, [&](const Statement&) {
          referenced = true;
          return absl::OkStatus();
        });
    if (read.ok() && !referenced) written_->unreferenced.push_back(digest);
    return read;
  }

  Queries& queries_;
  Written* written_;
  std::set<std::string> candidates_;  // digests of rows that were dropped
};

}  // namespace

absl::Status ApplyWrites(const std::vector<Write>& writes, Queries& queries, Written* written) {
  Applier applier(queries, written);
  for (const Write& write : writes) {
    if (absl::Status applied = std::visit(applier, write); !applied.ok()) return applied;
  }
  return absl::OkStatus();
}

}  // namespace plasa::store
