#include "coordinator/sweep_records.h"

#include <boost/json/object.hpp>

#include "common/runtime/json.h"

namespace plasa {
namespace {

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
  record.ended = trial.state != "queued" && trial.state != "running";
  record.succeeded = trial.state == "succeeded";
  record.admitted = trial.admitted;
  record.pruned = trial.state == "pruned";
  record.valid = trial.valid;
  record.invalid_reasons = trial.invalid_reasons;
  for (const store::MetricView& metric : trial.metrics) record.metrics[metric.name] = metric.value;
  return record;
}

}  // namespace

absl::StatusOr<std::vector<analysis::TrialRecord>> SweepRecords::Own(store::Reader& reader, const std::string& sweep) {
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

absl::StatusOr<analysis::TrialRecord> SweepRecords::Record(store::Reader& reader, const store::TrialView& trial) {
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

absl::StatusOr<std::vector<analysis::TrialRecord>> SweepRecords::Related(store::Reader& reader,
                                                                         const std::string& sweep) {
  return Of(reader, reader.Related(sweep));
}

absl::StatusOr<std::vector<analysis::TrialRecord>> SweepRecords::OfPreset(store::Reader& reader,
                                                                          const std::string& preset) {
  return Of(reader, reader.OfPreset(preset));
}

absl::StatusOr<std::vector<analysis::TrialRecord>> SweepRecords::Of(
    store::Reader& reader, const absl::StatusOr<std::vector<std::string>>& ids) {
  if (!ids.ok()) return ids.status();
  std::vector<analysis::TrialRecord> records;
  for (const std::string& id : *ids) {
    const auto admitted = Admitted(reader, id);
    if (!admitted.ok()) return admitted.status();
    records.push_back(**admitted);
  }
  return records;
}

absl::StatusOr<const analysis::TrialRecord*> SweepRecords::Admitted(store::Reader& reader, const std::string& trial) {
  if (const auto known = admitted_.find(trial); known != admitted_.end()) return &known->second;
  const auto detail = reader.Trial(trial);
  if (!detail.ok()) return detail.status();
  analysis::TrialRecord record = Outline(detail->trial);
  analysis::Describe(ObjectOf(detail->result_json), &record);
  if (admitted_.size() >= kMaxTrials) admitted_.clear();
  return &(admitted_[trial] = std::move(record));
}

}  // namespace plasa
