#include "cli/report/run_files.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "analysis/comparison.h"
#include "cli/output/json_text.h"
#include "cli/remote/state_dir.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;
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

absl::Status WriteJson(const fs::path& file, const json::object& value) {
  return WriteFile(file, PrettyJsonText(value) + "\n");
}

absl::Status WriteSeeds(const Runs& runs, const fs::path& stem) {
  for (const RunRecord* run : runs) {
    const absl::Status status =
        WriteJson(absl::StrCat(stem.string(), "_seed", run->trial.seed, "_results.json"), FullRecord(*run));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteRunFiles(const std::vector<RunRecord>& runs, const fs::path& root) {
  std::map<int64_t, json::object> summaries;
  for (const auto& [key, members] : ByCell(runs)) {
    const auto& [length, label] = key;
    const fs::path stem = root / absl::StrCat("seq_", length) / FileSlug(label);
    json::object record = CellRecord(members);
    if (absl::Status status = WriteJson(stem.string() + "_results.json", record); !status.ok()) return status;
    if (members.size() > 1) {
      if (absl::Status status = WriteSeeds(members, stem); !status.ok()) return status;
    }
    summaries[length][label] = std::move(record);
  }
  for (const auto& [length, summary] : summaries) {
    const absl::Status status = WriteJson(root / absl::StrCat("seq_", length) / "comparison_summary.json", summary);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace plasa::cli
