#include "cli/report/records.h"

#include <cctype>

#include "absl/strings/str_cat.h"
#include "cli/output/json_text.h"
#include "common/base/number_text.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
namespace pb = plasa::v1;

std::string ScalarText(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : JsonText(value);
}

Value ToValue(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64()) return value.get_int64();
  if (value.is_uint64()) return value.get_uint64();
  if (value.is_double()) return value.get_double();
  if (value.is_string()) return std::string(value.get_string());
  if (const auto* array = value.if_array()) {
    Value::List list;
    for (const json::value& item : *array) list.push_back(ToValue(item));
    return list;
  }
  if (const auto* object = value.if_object()) {
    Value::Object out;
    for (const auto& member : *object) out.emplace(std::string(member.key()), ToValue(member.value()));
    return out;
  }
  return {};
}

// A number, or one of the texts that stand for a non-finite one.
std::optional<double> NumberOf(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->to_number<double>();
  return value->is_string() ? ParseDouble(value->get_string()) : std::nullopt;
}

const json::object* ObjectAt(const json::object& object, const char* key) {
  const auto* found = object.if_contains(key);
  return found == nullptr ? nullptr : found->if_object();
}

// The factors besides length: the schedule's name first, others as name=value.
std::string LabelOf(const json::object& cell, const json::object& params) {
  const auto* schedule = params.if_contains("schedule");
  std::string label = schedule == nullptr ? "" : ScalarText(*schedule);
  for (const auto& member : cell) {
    if (member.key() == "schedule" || member.key() == "seq_len") continue;
    absl::StrAppend(&label, label.empty() ? "" : ", ", std::string(member.key()), "=", ScalarText(member.value()));
  }
  return label.empty() ? "run" : label;
}

// The window length: as swept, else as the trainer resolved it; 0 where the trainer knows no such thing.
int64_t LengthOf(const json::object& params, const json::object& record) {
  auto length = NumberOf(params.if_contains("seq_len"));
  const json::object* config = ObjectAt(record, "config");
  if (!length && config != nullptr) length = NumberOf(config->if_contains("seq_len"));
  return static_cast<int64_t>(length.value_or(0));
}

std::map<std::string, double> MetricsOf(const pb::Trial& trial, const json::object& result,
                                        const json::object& record) {
  std::map<std::string, double> metrics;
  if (const json::object* final_metrics = ObjectAt(result, "metrics")) {
    for (const auto& member : *final_metrics) {
      if (const auto value = NumberOf(&member.value())) metrics[std::string(member.key())] = *value;
    }
  } else {
    for (const pb::MetricValue& metric : trial.metrics()) metrics[metric.name()] = metric.value();
  }
  if (const auto time = NumberOf(record.if_contains(kTimePerStep))) metrics[kTimePerStep] = *time;
  return metrics;
}

// The trainer's own record, or the same shape from what is known where a user's trainer wrote none.
json::object RecordOf(const pb::Trial& trial, const json::object& result) {
  if (const json::object* record = ObjectAt(result, "record")) return *record;
  json::object record;
  for (const pb::MetricValue& metric : trial.metrics()) {
    std::string name = metric.name();
    for (char& c : name) c = c == '/' ? '_' : c;
    record[name] = metric.value();
  }
  record["config"] = ParseObjectOrEmpty(trial.params_json());
  return record;
}

RunRecord RunRecordOf(const pb::TrialResult& source) {
  const pb::Trial& trial = source.trial();
  const json::object params = ParseObjectOrEmpty(trial.params_json());
  const json::object result = ParseObjectOrEmpty(source.result_json());
  RunRecord run;
  run.trial.succeeded = trial.state() == pb::TRIAL_SUCCEEDED;
  if (run.trial.succeeded) run.record = RecordOf(trial, result);
  run.trial.id = trial.id();
  run.trial.label = LabelOf(ParseObjectOrEmpty(trial.cell()), params);
  run.trial.seq_len = LengthOf(params, run.record);
  run.trial.seed = trial.seed();
  run.trial.params = ToValue(params).As<Value::Object>();
  run.trial.admitted = trial.admitted();
  run.trial.valid = trial.valid();
  run.trial.invalid_reasons.assign(trial.invalid_reasons().begin(), trial.invalid_reasons().end());
  run.trial.metrics = MetricsOf(trial, result, run.record);
  return run;
}

}  // namespace

std::vector<RunRecord> RunRecords(const pb::GetResultsReply& results) {
  std::vector<RunRecord> runs;
  for (const pb::TrialResult& result : results.results()) runs.push_back(RunRecordOf(result));
  return runs;
}

std::string FileSlug(const std::string& label) {
  std::string out;
  for (const char c : label) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
    if (plain) {
      out += c;
    } else if (out.empty() || out.back() != '-') {
      out += '-';
    }
  }
  return out.empty() || out.front() == '.' ? "run" + out : out;
}

}  // namespace plasa::cli
