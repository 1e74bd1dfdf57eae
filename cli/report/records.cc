#include "cli/report/records.h"

#include <cctype>

#include "absl/strings/str_cat.h"
#include "cli/output/json_text.h"
#include "cli/remote/words.h"
#include "common/base/sha256.h"
#include "common/runtime/json.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
namespace pb = plasa::v1;

Value::Object ObjectOf(const std::string& text) { return ToValue(ParseObjectOrEmpty(text)).As<Value::Object>(); }

const json::object* ObjectAt(const json::object& object, const char* key) {
  const auto* found = object.if_contains(key);
  return found == nullptr ? nullptr : found->if_object();
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
  const json::object result = ParseObjectOrEmpty(source.result_json());
  RunRecord run;
  run.trial.ended = Ended(trial.state());
  run.trial.succeeded = trial.state() == pb::TRIAL_SUCCEEDED;
  if (run.trial.succeeded) run.record = RecordOf(trial, result);
  run.trial.id = trial.id();
  run.trial.seed = trial.seed();
  run.trial.params = ObjectOf(trial.params_json());
  run.trial.cell = ObjectOf(trial.cell());
  run.trial.trainer = trial.trainer();
  run.trial.data = Value(ObjectOf(trial.data_json()));
  run.trial.admitted = trial.admitted();
  run.trial.pruned = trial.state() == pb::TRIAL_PRUNED;
  run.trial.valid = trial.valid();
  run.trial.invalid_reasons.assign(trial.invalid_reasons().begin(), trial.invalid_reasons().end());
  for (const pb::MetricValue& metric : trial.metrics()) run.trial.metrics[metric.name()] = metric.value();
  analysis::Describe(ToValue(result).As<Value::Object>(), &run.trial);
  return run;
}

}  // namespace

std::vector<RunRecord> RunRecords(const pb::GetResultsReply& results) {
  std::vector<RunRecord> runs;
  for (const pb::TrialResult& result : results.results()) runs.push_back(RunRecordOf(result));
  return runs;
}

std::vector<analysis::TrialRecord> RelatedTrials(const pb::GetResultsReply& results) {
  std::vector<analysis::TrialRecord> trials;
  for (const pb::TrialResult& result : results.related()) trials.push_back(RunRecordOf(result).trial);
  return trials;
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
  if (out.empty() || out.front() == '.') out = "run" + out;
  constexpr size_t kMost = 150, kDigest = 16;  // a file name may have 255 bytes, and callers add to it
  return out.size() <= kMost
             ? out
             : absl::StrCat(out.substr(0, kMost - kDigest - 1), "-", Sha256Hex(label).substr(0, kDigest));
}

}  // namespace plasa::cli
