#include "cli/report/tree.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "analysis/comparison.h"
#include "analysis/result_table.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"
#include "cli/remote/state_dir.h"
#include "cli/report/figure.h"
#include "cli/report/gnuplot.h"
#include "cli/report/manifest.h"
#include "cli/report/records.h"
#include "cli/report/run_files.h"
#include "cli/report/verdicts.h"
#include "common/base/sha256.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kScript[] = "comprehensive_comparison.gnuplot";

std::vector<analysis::TrialRecord> TrialsOf(const std::vector<RunRecord>& runs) {
  std::vector<analysis::TrialRecord> trials;
  for (const RunRecord& run : runs) trials.push_back(run.trial);
  return trials;
}

absl::Status DrawFigure(const plasa::v1::Sweep& sweep, const analysis::Comparison& comparison, const fs::path& root) {
  if (comparison.labels().empty()) return absl::NotFoundError("no admitted result yet, so there is no figure");
  const FigureOptions options{sweep.name(), sweep.metric_name().empty() ? "val/loss" : sweep.metric_name(),
                              sweep.metric_goal() != "maximize"};
  if (absl::Status status = WriteFile(root / kScript, FigureScript(comparison, options)); !status.ok()) return status;
  for (const char* kind : {"png", "svg"}) {
    const absl::Status status = RunGnuplot(root, kScript, absl::StrCat("kind='", kind, "'"));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

ReportSummary Summarize(const std::vector<analysis::TrialRecord>& trials) {
  ReportSummary summary;
  summary.trials = trials.size();
  for (const analysis::TrialRecord& trial : trials) {
    summary.succeeded += trial.succeeded ? 1 : 0;
    summary.invalid += trial.succeeded && !trial.valid ? 1 : 0;
  }
  return summary;
}

}  // namespace

std::string ResultTable(const plasa::v1::GetResultsReply& results) {
  return analysis::ResultsCsv(TrialsOf(RunRecords(results)));
}

absl::StatusOr<ReportSummary> WriteReport(const plasa::v1::GetResultsReply& results, const fs::path& root) {
  const std::vector<RunRecord> runs = RunRecords(results);
  const std::vector<analysis::TrialRecord> trials = TrialsOf(runs);
  const std::string table = analysis::ResultsCsv(trials);
  if (absl::Status status = WriteFile(root / "results.csv", table); !status.ok()) return status;
  const std::string manifest = PrettyJsonText(ManifestJson(results, Sha256Hex(table))) + "\n";
  if (absl::Status status = WriteFile(root / "manifest.json", manifest); !status.ok()) return status;
  if (absl::Status status = WriteRunFiles(runs, root); !status.ok()) return status;
  const analysis::Comparison comparison(trials);
  auto answers = AnswersOf(results.sweep(), trials, RelatedTrials(results));
  if (!answers.ok()) return answers.status();
  if (!answers->claims.empty()) {
    const std::string text = PrettyJsonText(VerdictsJson(*answers)) + "\n";
    if (absl::Status status = WriteFile(root / "verdicts.json", text); !status.ok()) return status;
  }
  ReportSummary summary = Summarize(trials);
  summary.answers = *std::move(answers);
  summary.figure = DrawFigure(results.sweep(), comparison, root);
  return summary;
}

}  // namespace plasa::cli
