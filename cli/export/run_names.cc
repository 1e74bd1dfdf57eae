#include "cli/export/run_names.h"

#include "absl/strings/str_cat.h"
#include "cli/report/records.h"

namespace plasa::cli {

std::map<std::string, std::string> RunNames(const plasa::v1::GetSweepReply& sweep) {
  plasa::v1::GetResultsReply results;
  for (const plasa::v1::Trial& trial : sweep.trials()) *results.add_results()->mutable_trial() = trial;
  std::map<std::string, std::string> names;
  std::map<std::string, int> uses;
  for (const RunRecord& run : RunRecords(results)) {
    const analysis::TrialRecord& trial = run.trial;
    std::string name = FileSlug(trial.label);
    if (trial.seq_len > 0) absl::StrAppend(&name, "/seq_", trial.seq_len);
    names[trial.id] = absl::StrCat(name, "/seed_", trial.seed);
    ++uses[names[trial.id]];
  }
  for (auto& [id, name] : names) {
    if (uses[name] > 1) absl::StrAppend(&name, "_", id);
  }
  return names;
}

}  // namespace plasa::cli
