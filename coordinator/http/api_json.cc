#include "coordinator/http/api_json.h"

#include <boost/json/value.hpp>
#include <string>

#include "common/runtime/json.h"

namespace plasa::http {
namespace {

namespace json = boost::json;

json::value TextOrNull(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::value ObjectOrNull(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(ParseObjectOrEmpty(text));
}

json::object MetricsJson(const std::vector<store::MetricView>& metrics) {
  json::object object;
  for (const store::MetricView& metric : metrics) object[metric.name] = JsonNumber(metric.value);
  return object;
}

json::object CertificateJson(const store::CertificateView& certificate) {
  return {{"state", TextOrNull(certificate.state)},
          {"loaded", TextOrNull(certificate.loaded)},
          {"from", certificate.from > 0 ? json::value(certificate.from) : json::value(nullptr)},
          {"chain", TextOrNull(certificate.chain)},
          {"objection", TextOrNull(certificate.objection)},
          {"hardware_class", TextOrNull(certificate.hardware_class)}};
}

json::object AttemptJson(const store::AttemptView& attempt) {
  return {{"number", attempt.number},
          {"token", attempt.token},
          {"state", attempt.state},
          {"worker", attempt.worker},
          {"slot", attempt.slot},
          {"cause", TextOrNull(attempt.cause)},
          {"message", attempt.message},
          {"start_step", attempt.start_step},
          {"last_step", attempt.last_step},
          {"created", attempt.created_unix_s},
          {"ended", attempt.ended_unix_s > 0 ? json::value(attempt.ended_unix_s) : json::value(nullptr)},
          {"hardware_class", attempt.hardware_class},
          {"build", attempt.build},
          {"data_digest", attempt.data_digest},
          {"certificate", CertificateJson(attempt.certificate)}};
}

json::object AuditJson(const store::AuditView& audit) {
  return {{"number", audit.number},
          {"name", audit.name},
          {"passed", audit.passed},
          {"figure", audit.figure},
          {"message", audit.message}};
}

json::object SlotJson(const WorkerSlotView& slot) {
  const WorkerDevice& device = slot.device;
  return {{"index", slot.index},
          {"device",
           {{"kind", device.kind},
            {"model", device.model},
            {"memory_bytes", device.memory_bytes},
            {"hardware_class", device.hardware_class}}},
          {"trial", TextOrNull(slot.trial)}};
}

json::array TextsJson(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

json::array PointJson(const store::Point& point) { return {point.step, JsonNumber(point.value)}; }

json::object CountsJson(const store::SweepView& sweep) {
  json::object counts;
  for (const auto& [state, count] : sweep.counts) counts[state] = count;
  return counts;
}

json::value BestJson(const store::SweepView& sweep) {
  if (sweep.best_trial.empty()) return nullptr;
  return json::object{{"trial", sweep.best_trial}, {"value", JsonNumber(sweep.best_value)}};
}

json::object ReplicationOf(const coordinator::Replication& replication) {
  const auto added = [](const coordinator::AddedSeeds& seeds) {
    return json::object{{"at", seeds.at_unix_s},
                        {"seeds", json::array(seeds.seeds.begin(), seeds.seeds.end())},
                        {"cells", seeds.cells},
                        {"why", seeds.why}};
  };
  return {{"open", replication.open},
          {"added", ListJson(replication.added, added)},
          {"stopped", TextOrNull(replication.stopped)}};
}

}  // namespace

json::object SweepJson(const store::SweepView& sweep) {
  return {{"id", sweep.id},
          {"name", sweep.name},
          {"state", sweep.state},
          {"metric", {{"name", sweep.metric_name}, {"goal", sweep.metric_goal}}},
          {"trials", sweep.trials},
          {"counts", CountsJson(sweep)},
          {"created", sweep.created_unix_s},
          {"eta_s", sweep.eta_s < 0 ? json::value(nullptr) : json::value(sweep.eta_s)},
          {"progress", sweep.progress},
          {"best", BestJson(sweep)},
          {"replication", ReplicationOf(sweep.replication)}};
}

json::object TrialRowJson(const store::TrialView& trial) {
  return {{"id", trial.id},
          {"cell", ParseObjectOrEmpty(trial.cell)},
          {"seed", trial.seed},
          {"state", trial.state},
          {"params", ParseObjectOrEmpty(trial.params_json)},
          {"step", trial.step},
          {"steps_total", trial.steps_total},
          {"metrics", MetricsJson(trial.metrics)},
          {"attempt_count", trial.attempts.size()},
          {"admitted", trial.admitted},
          {"valid", trial.valid},
          {"invalid_reasons", TextsJson(trial.invalid_reasons)},
          {"cause", TextOrNull(trial.cause)},
          {"explain", trial.explain},
          {"trainer", trial.trainer},
          {"data", ParseObjectOrEmpty(trial.data_json)}};
}

json::object TrialJson(const store::TrialView& trial) {
  json::object all = TrialRowJson(trial);
  all["first_metrics"] = MetricsJson(trial.first_metrics);
  all["attempts"] = ListJson(trial.attempts, AttemptJson);
  all["audits"] = ListJson(trial.audits, AuditJson);
  return all;
}

json::object WorkerJson(const WorkerView& worker) {
  return {{"id", worker.id},
          {"name", worker.name},
          {"state", worker.state},
          {"silent_s", worker.silent_s},
          {"version", worker.version},
          {"trainers", TextsJson(worker.trainers)},
          {"slots", ListJson(worker.slots, SlotJson)}};
}

json::object CurveJson(const store::CurveView& curve) {
  return {{"trial", curve.trial},
          {"cell", ParseObjectOrEmpty(curve.cell)},
          {"seed", curve.seed},
          {"points", ListJson(curve.points, PointJson)}};
}

json::object BandJson(const store::BandView& band) {
  const auto point = [](const store::BandPoint& at) {
    return json::array{at.step, JsonNumber(at.mean), JsonNumber(at.low), JsonNumber(at.high)};
  };
  return {{"cell", ParseObjectOrEmpty(band.cell)}, {"seeds", band.seeds}, {"points", ListJson(band.points, point)}};
}

json::object CostJson(const store::CostView& cost) {
  const absl::StatusOr<json::value> parsed = ParseJson(cost.json);
  const json::array figures = parsed.ok() && parsed->is_array() ? parsed->get_array() : json::array();
  const auto at = [&](size_t i) { return i < figures.size() ? figures[i] : json::value(nullptr); };
  return {{"trial", cost.trial}, {"time_per_step", at(0)}, {"seq_len", at(1)}, {"layer_k", at(2)}, {"flops", at(3)}};
}

json::object HappeningJson(const store::HappeningView& happening) {
  return {{"time", happening.time_unix_s},
          {"kind", happening.kind},
          {"sweep", TextOrNull(happening.sweep)},
          {"trial", TextOrNull(happening.trial)},
          {"attempt", happening.attempt > 0 ? json::value(happening.attempt) : json::value(nullptr)},
          {"state", TextOrNull(happening.state)},
          {"cause", TextOrNull(happening.cause)},
          {"worker", TextOrNull(happening.worker)},
          {"text", happening.text}};
}

json::object TrialDetailJson(const store::TrialDetailView& detail) {
  return {{"trial", TrialJson(detail.trial)},
          {"stats", ObjectOrNull(detail.stats_json)},
          {"result", ObjectOrNull(detail.result_json)},
          {"notes", TextsJson(detail.notes)}};
}

json::object SeriesJson(const std::vector<store::SeriesView>& series) {
  json::object all;
  for (const store::SeriesView& one : series) {
    all[one.name] = ListJson(one.points, [](const store::AttemptPoint& point) { return PointJson(point.point); });
  }
  return all;
}

json::object LogJson(const store::LogView& log) {
  return {{"text", log.text}, {"dropped_bytes", log.dropped_bytes}, {"worker", log.worker}, {"path", log.path}};
}

}  // namespace plasa::http
