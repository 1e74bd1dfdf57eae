#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/evidence/recompute.h"
#include "cli/output/json_text.h"
#include "cli/report/records.h"
#include "cli/report/tree.h"
#include "common/base/number_text.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
namespace pb = plasa::v1;

pb::GetResultsReply Alone(const pb::TrialResult& stored, const std::string& result_json) {
  pb::GetResultsReply reply;
  *reply.add_results() = stored;
  reply.mutable_results(0)->set_result_json(result_json);
  return reply;
}

Check CheckOf(const pb::TrialResult& stored) {
  return {absl::StrCat("trial ", stored.trial().id(), " anew"), 0, CheckResult::kEqual, {}};
}

// The row under its titles: a sentence for each column that differs.
void CompareRows(const std::string& stored, const std::string& anew, Check* check) {
  const std::vector<std::string> a = absl::StrSplit(stored, '\n');
  const std::vector<std::string> b = absl::StrSplit(anew, '\n');
  check->compared += static_cast<size_t>(std::count(a.front().begin(), a.front().end(), ',')) + 1;
  if (stored == anew) return;
  if (a.size() < 2 || b.size() < 2 || a.front() != b.front()) return check->Differs("it reports other metrics");
  check->Differs(absl::StrCat("its row is ", b[1], ", stored is ", a[1]));
}

std::string LayersText(const std::string& result_json) {
  const json::object event = ParseObjectOrEmpty(result_json);
  const json::value* record = event.if_contains("record");
  const json::value* layers =
      record == nullptr || !record->is_object() ? nullptr : record->get_object().if_contains("layers");
  return layers == nullptr ? "" : JsonText(*layers);
}

// The built-in trainer keeps times in its state.json, so that of its files only weights and moments are comparable.
bool IsComparable(const std::string& trainer, const std::string& file) {
  return trainer != "plasa" || absl::EndsWith(file, ".safetensors");
}

void CompareFiles(const pb::TrialResult& result, const RunAnew& anew, Check* check) {
  const pb::Checkpoint& stored = result.checkpoint();
  for (const pb::CheckpointFile& file : anew.files) {
    for (const pb::CheckpointFile& known : stored.files()) {
      if (known.name() != file.name() || !IsComparable(result.trial().trainer(), file.name())) continue;
      ++check->compared;
      if (known.sha256() != file.sha256())
        check->Differs(absl::StrCat(file.name(), " at step ", stored.step(), " is ", file.sha256(), ", stored is ",
                                    known.sha256()));
    }
  }
}

double RelativeDifference(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  const double size = std::max(std::abs(a), std::abs(b));
  return std::isfinite(size) ? std::abs(a - b) / size : INFINITY;
}

}  // namespace

Check CompareRuns(const pb::TrialResult& stored, const RunAnew& anew) {
  Check check = CheckOf(stored);
  CompareRows(ResultTable(Alone(stored, stored.result_json())), ResultTable(Alone(stored, anew.result_json)), &check);
  const std::string layers = LayersText(stored.result_json());
  if (!layers.empty()) ++check.compared;
  if (layers != LayersText(anew.result_json)) check.Differs("its statistics of layers are others");
  CompareFiles(stored, anew, &check);
  return check;
}

Check CompareWithin(const pb::TrialResult& stored, const RunAnew& anew, double tolerance) {
  Check check = CheckOf(stored);
  check.result = CheckResult::kWithin;
  const RunRecord before = RunRecords(Alone(stored, stored.result_json())).front();
  const RunRecord now = RunRecords(Alone(stored, anew.result_json)).front();
  for (const auto& [name, value] : before.trial.metrics) {
    if (analysis::IsTiming(name)) continue;
    ++check.compared;
    const auto found = now.trial.metrics.find(name);
    const double apart = found == now.trial.metrics.end() ? INFINITY : RelativeDifference(value, found->second);
    if (apart > tolerance) {
      check.Differs(absl::StrCat(name, " is ", found == now.trial.metrics.end() ? "missing" : NumberText(found->second),
                                 ", stored is ", NumberText(value), ": ", NumberText(apart), " apart"));
    }
  }
  return check;
}

}  // namespace plasa::cli
