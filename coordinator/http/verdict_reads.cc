#include "coordinator/http/verdict_reads.h"

#include <boost/json/object.hpp>
#include <set>

#include "analysis/answers.h"
#include "analysis/verdicts_value.h"
#include "common/runtime/json.h"
#include "coordinator/http/json_reply.h"

namespace plasa::http {
namespace {

constexpr size_t kMaxSweeps = 16;      // answers kept
constexpr size_t kMaxTrials = 20'000;  // results kept, some kB each

Value::Object ObjectOf(const std::string& text) { return ToValue(ParseObjectOrEmpty(text)).As<Value::Object>(); }

// What is known of a trial without its result.
analysis::TrialRecord Outline(const store::TrialView& trial) {
  analysis::TrialRecord record;
  record.id = trial.id;
  record.seed = trial.seed;
  record.params = ObjectOf(trial.params_json);
  record.cell = ObjectOf(trial.cell);
  record.trainer = trial.trainer;
  record.data = Value(ObjectOf(trial.data_json));
  record.succeeded = trial.state == "succeeded";
  record.admitted = trial.admitted;
  record.valid = trial.valid;
  record.invalid_reasons = trial.invalid_reasons;
  for (const store::MetricView& metric : trial.metrics) record.metrics[metric.name] = metric.value;
  return record;
}

Reply ReplyOf(const analysis::Answers& answers) {
  Reply reply;
  reply.body = Value(analysis::VerdictsValue(answers)).CanonicalJson();
  return reply;
}

}  // namespace

absl::StatusOr<Reply> VerdictReads::Read(store::Reader& reader, const std::string& text) {
  const uint64_t cursor = live_.Cursor();
  const absl::StatusOr<std::string> sweep = reader.FindSweep(text);
  if (!sweep.ok()) return sweep.status();
  if (const auto known = answered_.find(*sweep); known != answered_.end()) {
    const absl::StatusOr<bool> holds = HoldsSince(reader, known->second.cursor);
    if (!holds.ok()) return holds.status();
    if (*holds) known->second.cursor = cursor;
    if (*holds) return known->second.reply;
  }
  absl::StatusOr<Reply> reply = Compute(reader, *sweep);
  if (!reply.ok()) return reply;
  if (answered_.size() >= kMaxSweeps) answered_.clear();
  answered_[*sweep] = {cursor, *reply};
  return reply;
}

absl::StatusOr<bool> VerdictReads::HoldsSince(store::Reader& reader, uint64_t cursor) {
  std::vector<LiveChange> changes;
  if (!live_.ReadSince(cursor, &changes)) return false;
  std::set<std::string> touched;
  for (const LiveChange& change : changes) touched.insert(change.trials.begin(), change.trials.end());
  const auto admitted = reader.Admitted(touched);
  if (!admitted.ok()) return admitted.status();
  return admitted->empty();
}

absl::StatusOr<Reply> VerdictReads::Compute(store::Reader& reader, const std::string& sweep) {
  const absl::StatusOr<store::SweepView> view = reader.Sweep(sweep);
  if (!view.ok()) return view.status();
  const auto questions = analysis::QuestionsOf(ToValue(ParseObjectOrEmpty(view->spec_json)));
  if (!questions.ok()) return absl::InvalidArgumentError(questions.error().Text());
  if (questions->empty()) return ReplyOf(analysis::AnswersTo(*questions, {}));
  const auto own = OwnRecords(reader, sweep);
  if (!own.ok()) return own.status();
  const auto related = RelatedRecords(reader, sweep);
  if (!related.ok()) return related.status();
  return ReplyOf(analysis::AnswersTo(*questions, *own, *related));
}

absl::StatusOr<std::vector<analysis::TrialRecord>> VerdictReads::OwnRecords(store::Reader& reader,
                                                                            const std::string& sweep) {
  const auto trials = reader.Trials(sweep);
  if (!trials.ok()) return trials.status();
  std::vector<analysis::TrialRecord> records;
  for (const store::TrialView& trial : *trials) {
    auto record = Record(reader, trial);
    if (!record.ok()) return record.status();
    records.push_back(*std::move(record));
  }
  return records;
}

absl::StatusOr<analysis::TrialRecord> VerdictReads::Record(store::Reader& reader, const store::TrialView& trial) {
  analysis::TrialRecord record = Outline(trial);
  if (!record.succeeded || !record.admitted) {
    analysis::Describe({}, &record);
    return record;
  }
  const auto admitted = Admitted(reader, trial.id);
  if (!admitted.ok()) return admitted.status();
  record = **admitted;
  record.cell = ObjectOf(trial.cell);
  record.label = analysis::LabelOf(record.cell, record.params);
  return record;
}

absl::StatusOr<std::vector<analysis::TrialRecord>> VerdictReads::RelatedRecords(store::Reader& reader,
                                                                                const std::string& sweep) {
  const auto ids = reader.Related(sweep);
  if (!ids.ok()) return ids.status();
  std::vector<analysis::TrialRecord> records;
  for (const std::string& id : *ids) {
    const auto admitted = Admitted(reader, id);
    if (!admitted.ok()) return admitted.status();
    records.push_back(**admitted);
  }
  return records;
}

absl::StatusOr<const analysis::TrialRecord*> VerdictReads::Admitted(store::Reader& reader, const std::string& trial) {
  if (const auto known = admitted_.find(trial); known != admitted_.end()) return &known->second;
  const auto detail = reader.Trial(trial);
  if (!detail.ok()) return detail.status();
  analysis::TrialRecord record = Outline(detail->trial);
  analysis::Describe(ObjectOf(detail->result_json), &record);
  if (admitted_.size() >= kMaxTrials) admitted_.clear();
  return &(admitted_[trial] = std::move(record));
}

}  // namespace plasa::http
