#include "cli/report/page_data.h"

#include <boost/json/array.hpp>
#include <map>

#include "absl/strings/str_cat.h"
#include "cli/output/json_text.h"
#include "cli/remote/model_json.h"
#include "cli/remote/words.h"
#include "cli/report/figure_panels.h"
#include "cli/report/layer_means.h"
#include "cli/report/objective.h"
#include "common/base/number_text.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
namespace pb = plasa::v1;
using analysis::Cell;
using analysis::Comparison;
using analysis::Estimate;

constexpr char kIntervals[] =
    "Bars are bias-corrected and accelerated bootstrap intervals (95 %) of the mean over three or more seeds; below "
    "that "
    "there is none.";

json::array TextsJson(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) out.push_back(json::string(text));
  return out;
}

json::object EstimateJson(const Estimate& e) { return {{"n", e.n}, {"mean", e.mean}, {"lo", e.lo}, {"hi", e.hi}}; }

json::object MetricsJson(const Cell& cell) {
  json::object out;
  for (const auto& [name, by_seed] : cell.values) {
    json::object seeds;
    for (const auto& [seed, value] : by_seed) seeds[absl::StrCat(seed)] = value;
    out[name] = EstimateJson(cell.Of(name));
    out[name].as_object()["seeds"] = std::move(seeds);
  }
  return out;
}

// How many percent better than the baseline; null for the baseline itself and without one.
json::value ImprovementJson(const Comparison& comparison, const Cell& cell, const Objective& objective) {
  const Estimate e = Improvement(comparison, cell, kBaseline, objective);
  return e.n == 0 ? json::value(nullptr) : json::value(EstimateJson(e));
}

std::vector<const RunRecord*> RunsOf(const std::vector<RunRecord>& runs, const Cell& cell) {
  std::vector<const RunRecord*> out;
  for (const RunRecord& run : runs) {
    const bool in_cell = run.trial.label == cell.label && run.trial.seq_len == cell.seq_len;
    if (in_cell && run.trial.succeeded && run.trial.admitted) out.push_back(&run);
  }
  return out;
}

// The labels that the figure draws.
json::array ShownJson(const Comparison& comparison, const Objective& objective) {
  json::array out;
  for (const Series& series : SeriesOf(comparison, objective)) out.push_back(json::string(series.label));
  return out;
}

json::array CellsJson(const std::vector<RunRecord>& runs, const Comparison& comparison, const Objective& objective) {
  json::array out;
  for (const std::string& label : comparison.labels()) {
    for (const int64_t length : comparison.lengths()) {
      const Cell* cell = comparison.Find(label, length);
      if (cell == nullptr) continue;
      const std::vector<const RunRecord*> members = RunsOf(runs, *cell);
      out.push_back({{"label", label},
                     {"seq_len", length},
                     {"valid", cell->valid},
                     {"metrics", MetricsJson(*cell)},
                     {"improvement", ImprovementJson(comparison, *cell, objective)},
                     {"layers", LayerMeans(members)},
                     {"layer_seeds", members.size()}});
    }
  }
  return out;
}

json::object RowJson(const RunRecord& run, const pb::Trial& trial) {
  json::object metrics;
  for (const auto& [name, value] : run.trial.metrics) metrics[name] = value;
  return {{"trial", trial.id()},
          {"label", run.trial.label},
          {"seq_len", run.trial.seq_len},
          {"seed", run.trial.seed},
          {"state", StateWord(trial.state())},
          {"cause", CauseWord(trial.cause())},
          {"valid", trial.valid()},
          {"admitted", trial.admitted()},
          {"invalid_reasons", json::array(trial.invalid_reasons().begin(), trial.invalid_reasons().end())},
          {"params", ParseObjectOrEmpty(trial.params_json())},
          {"metrics", std::move(metrics)}};
}

// One check over all trials.
struct AuditSum {
  std::string message;
  int passed = 0;
  double largest = 0;
  std::string figure;  // the largest
  json::array failed;  // ids
};

void Add(const pb::AuditResult& audit, const std::string& trial, AuditSum* sum) {
  sum->message = audit.message();
  if (const auto figure = ParseDouble(audit.figure()); figure && (sum->figure.empty() || *figure > sum->largest)) {
    sum->largest = *figure;
    sum->figure = audit.figure();
  }
  if (audit.passed()) {
    ++sum->passed;
  } else {
    sum->failed.push_back(json::string(trial));
  }
}

json::array AuditsJson(const pb::GetResultsReply& results) {
  std::map<std::pair<int, std::string>, AuditSum> sums;
  for (const pb::TrialResult& result : results.results()) {
    for (const pb::AuditResult& audit : result.trial().audits())
      Add(audit, result.trial().id(), &sums[{audit.number(), audit.name()}]);
  }
  json::array out;
  for (auto& [key, sum] : sums) {
    const bool known = !sum.figure.empty();
    out.push_back({{"number", key.first},
                   {"name", key.second},
                   {"message", sum.message},
                   {"passed", sum.passed},
                   {"failed", sum.failed.size()},
                   {"figure", known ? json::value(sum.largest) : json::value(nullptr)},
                   {"failed_trials", std::move(sum.failed)}});
  }
  return out;
}

}  // namespace

json::object PageData(const pb::GetResultsReply& results, const std::vector<RunRecord>& runs,
                      const Comparison& comparison, json::object judged, json::object manifest) {
  const Objective objective = ObjectiveOf(results.sweep());
  json::array rows;
  for (size_t i = 0; i < runs.size(); ++i)
    rows.push_back(RowJson(runs[i], results.results(static_cast<int>(i)).trial()));
  return {{"v", 1},
          {"name", results.sweep().name()},
          {"seeds", TextsJson(SeedsSentences(results.sweep().replication()))},
          {"objective", objective.metric},
          {"minimize", objective.minimize},
          {"baseline", kBaseline},
          {"intervals", kIntervals},
          {"labels", json::array(comparison.labels().begin(), comparison.labels().end())},
          {"shown", ShownJson(comparison, objective)},
          {"lengths", json::array(comparison.lengths().begin(), comparison.lengths().end())},
          {"cells", CellsJson(runs, comparison, objective)},
          {"rows", std::move(rows)},
          {"audits", AuditsJson(results)},
          {"judged", std::move(judged)},
          {"manifest", std::move(manifest)},
          {"spec", ParseObjectOrEmpty(results.sweep().spec_json())}};
}

}  // namespace plasa::cli
