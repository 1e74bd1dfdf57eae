#include "cli/remote/model_json.h"

#include <boost/json/array.hpp>
#include <utility>

#include "cli/output/json_text.h"
#include "cli/remote/words.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
namespace pb = plasa::v1;

json::value NullIf(bool absent, json::value value) { return absent ? json::value(nullptr) : std::move(value); }

json::object MetricsJson(const google::protobuf::RepeatedPtrField<pb::MetricValue>& metrics) {
  json::object out;
  for (const pb::MetricValue& metric : metrics) out[metric.name()] = metric.value();
  return out;
}

json::object AuditJson(const pb::AuditResult& audit) {
  return {{"number", audit.number()},
          {"name", audit.name()},
          {"passed", audit.passed()},
          {"figure", audit.figure()},
          {"message", audit.message()}};
}

json::value TextOrNull(const std::string& text) { return NullIf(text.empty(), json::string(text)); }

json::object CertificateJson(const pb::ResumeCertificate& certificate) {
  return {{"state", TextOrNull(certificate.state())},
          {"loaded", TextOrNull(certificate.loaded())},
          {"from", NullIf(certificate.from() == 0, certificate.from())},
          {"chain", TextOrNull(certificate.chain())},
          {"objection", TextOrNull(certificate.objection())},
          {"hardware_class", TextOrNull(certificate.hardware_class())}};
}

json::object CountsJson(const pb::Sweep& sweep) {
  json::object counts;
  for (int state = pb::TRIAL_QUEUED; state <= pb::TrialState_MAX; ++state) {
    counts[StateWord(static_cast<pb::TrialState>(state))] = 0;
  }
  for (const pb::StateCount& count : sweep.counts()) counts[StateWord(count.state())] = count.count();
  return counts;
}

json::object SlotJson(const pb::SlotView& slot) {
  return {{"index", slot.index()},
          {"device",
           {{"kind", slot.device().kind()},
            {"model", slot.device().model()},
            {"memory_bytes", slot.device().memory_bytes()},
            {"hardware_class", slot.device().hardware_class()}}},
          {"trial", NullIf(slot.trial().empty(), json::string(slot.trial()))}};
}

json::object ReplicationJson(const pb::Replication& replication) {
  json::array added;
  for (const pb::AddedSeeds& seeds : replication.added()) {
    added.push_back(json::object{{"at", seeds.at_unix_s()},
                                 {"seeds", json::array(seeds.seeds().begin(), seeds.seeds().end())},
                                 {"cells", seeds.cells()},
                                 {"why", seeds.why()}});
  }
  return {{"open", replication.open()}, {"added", std::move(added)}, {"stopped", TextOrNull(replication.stopped())}};
}

}  // namespace

json::object SweepJson(const pb::Sweep& sweep) {
  const bool has_best = !sweep.best_trial().empty();
  return {{"id", sweep.id()},
          {"name", sweep.name()},
          {"state", sweep.state()},
          {"metric", {{"name", sweep.metric_name()}, {"goal", sweep.metric_goal()}}},
          {"trials", sweep.trials()},
          {"counts", CountsJson(sweep)},
          {"created", sweep.created_unix_s()},
          {"eta_s", NullIf(sweep.eta_s() < 0, sweep.eta_s())},
          {"progress", sweep.progress()},
          {"best", NullIf(!has_best, json::object{{"trial", sweep.best_trial()}, {"value", sweep.best_value()}})},
          {"replication", ReplicationJson(sweep.replication())},
          {"spec", ParseObjectOrEmpty(sweep.spec_json())}};
}

json::object AttemptJson(const pb::Attempt& attempt) {
  const std::string cause = CauseWord(attempt.cause());
  return {{"number", attempt.number()},
          {"token", attempt.token()},
          {"state", StateWord(attempt.state())},
          {"worker", attempt.worker()},
          {"slot", attempt.slot()},
          {"cause", NullIf(cause.empty(), json::string(cause))},
          {"message", attempt.message()},
          {"start_step", attempt.start_step()},
          {"last_step", attempt.last_step()},
          {"created", attempt.created_unix_s()},
          {"ended", NullIf(attempt.ended_unix_s() == 0, attempt.ended_unix_s())},
          {"hardware_class", attempt.hardware_class()},
          {"build", attempt.build()},
          {"data_digest", attempt.data_digest()},
          {"certificate", CertificateJson(attempt.certificate())}};
}

json::object TrialJson(const pb::Trial& trial) {
  json::array attempts;
  for (const pb::Attempt& attempt : trial.attempts()) attempts.push_back(AttemptJson(attempt));
  json::array audits;
  for (const pb::AuditResult& audit : trial.audits()) audits.push_back(AuditJson(audit));
  json::array reasons;
  for (const std::string& reason : trial.invalid_reasons()) reasons.push_back(json::string(reason));
  const std::string cause = CauseWord(trial.cause());
  return {{"id", trial.id()},
          {"cell", ParseObjectOrEmpty(trial.cell())},
          {"seed", trial.seed()},
          {"state", StateWord(trial.state())},
          {"params", ParseObjectOrEmpty(trial.params_json())},
          {"step", trial.step()},
          {"steps_total", trial.steps_total()},
          {"metrics", MetricsJson(trial.metrics())},
          {"first_metrics", MetricsJson(trial.first_metrics())},
          {"attempts", std::move(attempts)},
          {"admitted", trial.admitted()},
          {"valid", trial.valid()},
          {"invalid_reasons", std::move(reasons)},
          {"cause", NullIf(cause.empty(), json::string(cause))},
          {"explain", trial.explain()},
          {"audits", std::move(audits)},
          {"trainer", trial.trainer()},
          {"data", ParseObjectOrEmpty(trial.data_json())}};
}

json::object WorkerJson(const pb::WorkerView& worker) {
  json::array trainers;
  for (const std::string& trainer : worker.trainers()) trainers.push_back(json::string(trainer));
  json::array slots;
  for (const pb::SlotView& slot : worker.slots()) slots.push_back(SlotJson(slot));
  return {{"id", worker.id()},           {"name", worker.name()},
          {"state", worker.state()},     {"silent_s", worker.silent_s()},
          {"version", worker.version()}, {"trainers", std::move(trainers)},
          {"slots", std::move(slots)}};
}

}  // namespace plasa::cli
