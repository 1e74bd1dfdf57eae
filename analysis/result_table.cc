#include "analysis/result_table.h"

#include <algorithm>
#include <set>

#include "common/base/number_text.h"

namespace plasa::analysis {
namespace {

std::string Field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

std::string ParamText(const TrialRecord& trial, const std::string& name) {
  const auto found = trial.params.find(name);
  if (found == trial.params.end()) return "";
  return found->second.Is<std::string>() ? found->second.As<std::string>() : found->second.CanonicalJson();
}

std::string MetricText(const TrialRecord& trial, const std::string& name) {
  const auto found = trial.metrics.find(name);
  return found == trial.metrics.end() ? "" : NumberText(found->second);
}

const char* YesNo(bool value) { return value ? "true" : "false"; }

// The columns: every parameter and every metric that some trial has.
struct Columns {
  std::set<std::string> params;
  std::set<std::string> metrics;
};

Columns ColumnsOf(const std::vector<const TrialRecord*>& trials) {
  Columns columns;
  for (const TrialRecord* trial : trials) {
    for (const auto& [name, value] : trial->params) columns.params.insert(name);
    for (const auto& [name, value] : trial->metrics) {
      if (!IsTiming(name)) columns.metrics.insert(name);
    }
  }
  columns.params.erase("seed");
  return columns;
}

std::string Header(const Columns& columns) {
  std::string line = "trial";
  for (const std::string& name : columns.params) line += ',' + Field(name);
  line += ",seed,valid,admitted";
  for (const std::string& name : columns.metrics) line += ',' + Field(name);
  return line + '\n';
}

std::string Row(const TrialRecord& trial, const Columns& columns) {
  std::string line = trial.id;
  for (const std::string& name : columns.params) line += ',' + Field(ParamText(trial, name));
  line += ',' + std::to_string(trial.seed) + ',' + YesNo(trial.valid) + ',' + YesNo(trial.admitted);
  for (const std::string& name : columns.metrics) line += ',' + MetricText(trial, name);
  return line + '\n';
}

}  // namespace

std::string ResultsCsv(const std::vector<TrialRecord>& trials) {
  std::vector<const TrialRecord*> rows;
  for (const TrialRecord& trial : trials) {
    if (trial.succeeded) rows.push_back(&trial);
  }
  std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  const Columns columns = ColumnsOf(rows);
  std::string out = Header(columns);
  for (const TrialRecord* trial : rows) out += Row(*trial, columns);
  return out;
}

}  // namespace plasa::analysis
