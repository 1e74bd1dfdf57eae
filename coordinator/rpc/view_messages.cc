#include "coordinator/rpc/view_messages.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace plasa::rpc {
namespace {

v1::TrialState TrialStateOf(const std::string& word) {
  v1::TrialState state = v1::TRIAL_STATE_UNSPECIFIED;
  v1::TrialState_Parse(absl::StrCat("TRIAL_", absl::AsciiStrToUpper(word)), &state);
  return state;
}

v1::AttemptState AttemptStateOf(const std::string& word) {
  v1::AttemptState state = v1::ATTEMPT_STATE_UNSPECIFIED;
  v1::AttemptState_Parse(absl::StrCat("ATTEMPT_", absl::AsciiStrToUpper(word)), &state);
  return state;
}

void FillMetric(const store::MetricView& view, v1::MetricValue* message) {
  message->set_name(view.name);
  message->set_value(view.value);
}

void FillAttempt(const store::AttemptView& view, v1::Attempt* message) {
  message->set_number(view.number);
  message->set_token(view.token);
  message->set_state(AttemptStateOf(view.state));
  message->set_worker(view.worker);
  message->set_slot(view.slot);
  message->set_cause(CauseOf(view.cause));
  message->set_message(view.message);
  message->set_start_step(view.start_step);
  message->set_last_step(view.last_step);
  message->set_created_unix_s(view.created_unix_s);
  message->set_ended_unix_s(view.ended_unix_s);
  message->set_hardware_class(view.hardware_class);
  message->set_build(view.build);
  message->set_data_digest(view.data_digest);
  v1::ResumeCertificate* certificate = message->mutable_certificate();
  certificate->set_state(view.certificate.state);
  certificate->set_loaded(view.certificate.loaded);
  certificate->set_from(view.certificate.from);
  certificate->set_chain(view.certificate.chain);
  certificate->set_objection(view.certificate.objection);
  certificate->set_hardware_class(view.certificate.hardware_class);
}

void FillAudit(const store::AuditView& view, v1::AuditResult* message) {
  message->set_number(view.number);
  message->set_name(view.name);
  message->set_passed(view.passed);
  message->set_figure(view.figure);
  message->set_message(view.message);
}

}  // namespace

v1::Cause CauseOf(const std::string& word) {
  v1::Cause cause = v1::CAUSE_NONE;
  v1::Cause_Parse(absl::StrCat("CAUSE_", word), &cause);
  return cause;
}

std::string CauseWord(v1::Cause cause) {
  if (cause == v1::CAUSE_NONE || !v1::Cause_IsValid(cause)) return "";
  return std::string(absl::StripPrefix(v1::Cause_Name(cause), "CAUSE_"));
}

void Fill(const store::TrialView& view, v1::Trial* message) {
  message->set_id(view.id);
  message->set_cell(view.cell);
  message->set_seed(view.seed);
  message->set_state(TrialStateOf(view.state));
  message->set_params_json(view.params_json);
  message->set_step(view.step);
  message->set_steps_total(view.steps_total);
  for (const store::MetricView& metric : view.metrics) FillMetric(metric, message->add_metrics());
  for (const store::MetricView& metric : view.first_metrics) FillMetric(metric, message->add_first_metrics());
  for (const store::AttemptView& attempt : view.attempts) FillAttempt(attempt, message->add_attempts());
  message->set_admitted(view.admitted);
  message->set_valid(view.valid);
  for (const std::string& reason : view.invalid_reasons) message->add_invalid_reasons(reason);
  message->set_cause(CauseOf(view.cause));
  message->set_explain(view.explain);
  for (const store::AuditView& audit : view.audits) FillAudit(audit, message->add_audits());
  message->set_trainer(view.trainer);
  message->set_data_json(view.data_json);
}

void Fill(const store::SweepView& view, v1::Sweep* message) {
  message->set_id(view.id);
  message->set_name(view.name);
  message->set_spec_json(view.spec_json);
  message->set_state(view.state);
  message->set_trials(view.trials);
  for (const auto& [state, count] : view.counts) {
    v1::StateCount* entry = message->add_counts();
    entry->set_state(TrialStateOf(state));
    entry->set_count(count);
  }
  message->set_metric_name(view.metric_name);
  message->set_metric_goal(view.metric_goal);
  message->set_created_unix_s(view.created_unix_s);
  message->set_eta_s(view.eta_s);
  message->set_progress(view.progress);
  message->set_best_trial(view.best_trial);
  message->set_best_value(view.best_value);
  v1::Replication* replication = message->mutable_replication();
  replication->set_open(view.replication.open);
  replication->set_stopped(view.replication.stopped);
  for (const coordinator::AddedSeeds& added : view.replication.added) {
    v1::AddedSeeds* entry = replication->add_added();
    entry->set_at_unix_s(added.at_unix_s);
    entry->mutable_seeds()->Add(added.seeds.begin(), added.seeds.end());
    entry->set_cells(added.cells);
    entry->set_why(added.why);
  }
}

void Fill(const store::TrialDetailView& view, v1::GetTrialReply* message) {
  Fill(view.trial, message->mutable_trial());
  message->set_stats_json(view.stats_json);
  message->set_result_json(view.result_json);
  for (const std::string& note : view.notes) message->add_notes(note);
}

void Fill(const store::CheckpointView& view, v1::Checkpoint* message) {
  message->set_digest(view.digest);
  message->set_step(view.step);
  message->set_events_seq(view.events_seq);
  for (const store::CheckpointFileView& file : view.files) {
    v1::CheckpointFile* entry = message->add_files();
    entry->set_name(file.name);
    entry->set_size(file.size);
    entry->set_sha256(file.sha256);
  }
}

void Fill(const store::LogView& view, v1::GetLogReply* message) {
  message->set_text(view.text);
  message->set_dropped_bytes(view.dropped_bytes);
  message->set_worker(view.worker);
  message->set_path(view.path);
}

void Fill(const std::vector<store::SeriesView>& views, v1::GetMetricsReply* message) {
  for (const store::SeriesView& series : views) {
    for (const store::AttemptPoint& point : series.points) {
      v1::MetricPoint* entry = message->add_points();
      entry->set_attempt(point.attempt);
      entry->set_name(series.name);
      entry->set_step(point.point.step);
      entry->set_value(point.point.value);
      entry->set_time_unix_s(point.point.time_unix_s);
    }
  }
}

void Fill(const WorkerView& view, v1::WorkerView* message) {
  message->set_id(view.id);
  message->set_name(view.name);
  message->set_state(view.state);
  message->set_silent_s(view.silent_s);
  message->set_version(view.version);
  for (const WorkerSlotView& slot : view.slots) {
    v1::SlotView* entry = message->add_slots();
    entry->set_index(slot.index);
    entry->set_trial(slot.trial);
    v1::Device* device = entry->mutable_device();
    device->set_kind(slot.device.kind);
    device->set_model(slot.device.model);
    device->set_memory_bytes(slot.device.memory_bytes);
    device->set_hardware_class(slot.device.hardware_class);
  }
  for (const std::string& trainer : view.trainers) message->add_trainers(trainer);
}

}  // namespace plasa::rpc
