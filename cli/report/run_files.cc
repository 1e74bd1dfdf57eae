#include "cli/report/run_files.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "analysis/comparison.h"
#include "cli/output/json_text.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;

using Runs = std::vector<const RunRecord*>;  // of one cell, by growing seed

std::map<std::pair<int64_t, std::string>, Runs> ByCell(const std::vector<RunRecord>& runs) {
  std::map<std::pair<int64_t, std::string>, Runs> cells;
  for (const RunRecord& run : runs) {
    if (run.trial.succeeded) cells[{run.trial.seq_len, run.trial.label}].push_back(&run);
  }
  for (auto& [key, members] : cells) {
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return a->trial.seed < b->trial.seed; });
  }
  return cells;
}

// The record with the verdict of the audits in it, whatever the trainer wrote.
json::object FullRecord(const RunRecord& run) {
  json::object record = run.record;
  json::array reasons;
  for (const std::string& reason : run.trial.invalid_reasons) reasons.push_back(json::string(reason));
  record["trial"] = run.trial.id;
  record["seed"] = run.trial.seed;
  record["admitted"] = run.trial.admitted;
  record["valid"] = run.trial.valid;
  record["invalid_reasons"] = std::move(reasons);
  return record;
}

json::object OverSeeds(const Runs& runs) {
  std::map<std::string, std::vector<double>> values;
  for (const RunRecord* run : runs) {
    for (const auto& [name, value] : run->trial.metrics) values[name].push_back(value);
  }
  json::object out;
  for (const auto& [name, all] : values) {
    const analysis::Estimate estimate = analysis::BcaInterval(all);
    out[name] = {{"n", estimate.n}, {"mean", estimate.mean}, {"lo", estimate.lo}, {"hi", estimate.hi}};
  }
  return out;
}

json::object CellRecord(const Runs& runs) {
  json::object record = FullRecord(*runs.front());
  if (runs.size() > 1) record["over_seeds"] = OverSeeds(runs);
  return record;
}

// The label as a file name; a label that would have the name of an earlier one gets a number.
std::string FileNameOf(const std::string& label, std::set<std::string>* taken) {
  const std::string slug = FileSlug(label);
  std::string name = slug;
  for (int number = 2; !taken->insert(name).second; ++number) name = absl::StrCat(slug, "-", number);
  return name;
}

void WriteJson(const std::string& name, const json::object& value, ResultTree* tree) {
  tree->Write(name, PrettyJsonText(value) + "\n");
}

}  // namespace

void WriteRunFiles(const std::vector<RunRecord>& runs, ResultTree* tree) {
  std::map<int64_t, json::object> summaries;
  std::map<int64_t, std::set<std::string>> taken;
  for (const auto& [key, members] : ByCell(runs)) {
    const auto& [length, label] = key;
    const std::string stem = absl::StrCat("seq_", length, "/", FileNameOf(label, &taken[length]));
    json::object record = CellRecord(members);
    WriteJson(stem + "_results.json", record, tree);
    if (members.size() > 1) {
      for (const RunRecord* run : members)
        WriteJson(absl::StrCat(stem, "_seed", run->trial.seed, "_results.json"), FullRecord(*run), tree);
    }
    summaries[length][label] = std::move(record);
  }
  for (const auto& [length, summary] : summaries)
    WriteJson(absl::StrCat("seq_", length, "/comparison_summary.json"), summary, tree);
}

}  // namespace plasa::cli
