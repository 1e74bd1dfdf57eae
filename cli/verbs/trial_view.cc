#include "cli/verbs/trial_view.h"

#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "cli/output/json_text.h"
#include "cli/output/text.h"
#include "cli/remote/words.h"
#include "common/base/number_text.h"

namespace plasa::cli {
namespace {

namespace pb = plasa::v1;

std::string FactorText(const boost::json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : JsonText(value);
}

std::vector<std::string> FactorNames(const std::vector<pb::Trial>& trials) {
  std::set<std::string> names;
  for (const pb::Trial& trial : trials) {
    for (const auto& member : ParseObjectOrEmpty(trial.cell())) names.insert(std::string(member.key()));
  }
  return {names.begin(), names.end()};
}

TableCell NumberCell(double value) {
  if (std::isnan(value)) return TableCell("-", std::string("NaN"));
  return TableCell(Rounded(value), NumberText(value));
}

TableCell StepCell(const pb::Trial& trial) {
  const std::string step = std::to_string(trial.step());
  return trial.steps_total() > 0 ? TableCell(absl::StrCat(step, "/", trial.steps_total()), step)
                                 : TableCell(step, step);
}

std::vector<TableCell> TrialRow(const pb::Trial& trial, const std::vector<std::string>& factors,
                                const std::string& metric) {
  std::vector<TableCell> row{trial.id()};
  const auto cell = ParseObjectOrEmpty(trial.cell());
  for (const std::string& name : factors) {
    const auto* value = cell.if_contains(name);
    row.emplace_back(value == nullptr ? "" : FactorText(*value));
  }
  const std::string state = StateWord(trial.state());
  row.emplace_back(std::to_string(trial.seed()));
  row.emplace_back(state, StateColor(state));
  row.push_back(StepCell(trial));
  row.push_back(NumberCell(MetricOf(trial, metric)));
  row.push_back(NumberCell(MetricOf(trial, "val/accuracy")));
  row.emplace_back(trial.attempts().empty() ? "0" : std::to_string(trial.attempts().rbegin()->number()));
  const bool ended = trial.state() == pb::TRIAL_SUCCEEDED;
  row.emplace_back(IsInvalid(trial) ? "INVALID" : !ended ? "" : trial.admitted() ? "yes" : "no");
  row.emplace_back(CauseWord(trial.cause()), Color::kRed);
  row.emplace_back(trial.attempts().empty() ? "" : trial.attempts().rbegin()->worker());
  row.emplace_back(trial.explain());
  return row;
}

}  // namespace

double MetricOf(const pb::Trial& trial, const std::string& name) {
  for (const pb::MetricValue& metric : trial.metrics()) {
    if (metric.name() == name) return metric.value();
  }
  return NAN;
}

std::string CellText(const std::string& cell_json) {
  std::string out;
  for (const auto& member : ParseObjectOrEmpty(cell_json)) {
    absl::StrAppend(&out, out.empty() ? "" : " ", std::string(member.key()), "=", FactorText(member.value()));
  }
  return out.empty() ? "all" : out;
}

CellFactors FactorsOf(const std::string& cell_json) {
  CellFactors out;
  for (const auto& member : ParseObjectOrEmpty(cell_json)) {
    const char* separator = out.names.empty() ? "" : " ";
    absl::StrAppend(&out.names, separator, std::string(member.key()));
    absl::StrAppend(&out.values, separator, FactorText(member.value()));
  }
  return out.names.empty() ? CellFactors{"", "all"} : out;
}

Table TrialTable(const std::vector<pb::Trial>& trials, const std::string& metric) {
  Table table;
  const std::vector<std::string> factors = FactorNames(trials);
  table.columns.push_back({"TRIAL"});
  for (const std::string& factor : factors) table.columns.push_back({factor});
  for (const char* title : {"SEED", "STATE", "STEP"}) table.columns.push_back({title, std::string(title) != "STATE"});
  table.columns.push_back({metric, true});
  table.columns.push_back({"val/accuracy", true});
  table.columns.push_back({"ATTEMPTS", true});
  table.columns.push_back({"ADMITTED"});
  table.columns.push_back({"CAUSE"});
  table.columns.push_back({"WORKER", false, true});
  table.columns.push_back({"EXPLAIN", false, true});
  for (const pb::Trial& trial : trials) table.rows.push_back(TrialRow(trial, factors, metric));
  return table;
}

std::string CountsText(const pb::Sweep& sweep, const Terminal& terminal) {
  std::string out = absl::StrCat(sweep.trials(), sweep.trials() == 1 ? " trial" : " trials");
  const char* separator = ": ";
  for (const pb::StateCount& count : sweep.counts()) {
    if (count.count() == 0) continue;
    const std::string word = StateWord(count.state());
    absl::StrAppend(&out, separator, count.count(), " ", terminal.Paint(word, StateColor(word)));
    separator = ", ";
  }
  return out;
}

}  // namespace plasa::cli
