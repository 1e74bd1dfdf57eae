#include "cli/report/tree.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "analysis/comparison.h"
#include "analysis/result_table.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"
#include "cli/remote/words.h"
#include "cli/report/figure.h"
#include "cli/report/gnuplot.h"
#include "cli/report/html/page.h"
#include "cli/report/manifest.h"
#include "cli/report/page_data.h"
#include "cli/report/records.h"
#include "cli/report/result_tree.h"
#include "cli/report/run_files.h"
#include "cli/report/verdicts.h"
#include "common/base/sha256.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr char kScript[] = "comprehensive_comparison.gnuplot";

std::vector<analysis::TrialRecord> TrialsOf(const std::vector<RunRecord>& runs) {
  std::vector<analysis::TrialRecord> trials;
  for (const RunRecord& run : runs) trials.push_back(run.trial);
  return trials;
}

absl::Status DrawFigure(const plasa::v1::Sweep& sweep, const analysis::Comparison& comparison, ResultTree* tree) {
  if (comparison.labels().empty()) return absl::NotFoundError("no admitted result yet, so there is no figure");
  tree->Write(kScript, FigureScript(comparison, {sweep.name(), ObjectiveOf(sweep)}));
  if (!tree->status().ok()) return tree->status();
  for (const char* kind : {"png", "svg"}) {
    const absl::Status status = RunGnuplot(tree->root(), kScript, absl::StrCat("kind='", kind, "'"));
    if (!status.ok()) return status;
    tree->Add(absl::StrCat("comprehensive_comparison.", kind));
  }
  return absl::OkStatus();
}

ReportSummary Summarize(const std::vector<analysis::TrialRecord>& trials) {
  ReportSummary summary;
  summary.trials = trials.size();
  for (const analysis::TrialRecord& trial : trials) {
    summary.succeeded += trial.succeeded ? 1 : 0;
    summary.invalid += trial.succeeded && !trial.valid ? 1 : 0;
    summary.pruned += trial.pruned ? 1 : 0;
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
  const analysis::Comparison comparison(trials);
  auto answers = AnswersOf(results.sweep(), trials, RelatedTrials(results));
  if (!answers.ok()) return answers.status();
  const json::object judged = VerdictsJson(*answers);
  const std::string table = analysis::ResultsCsv(trials);
  json::object manifest = ManifestJson(results, Sha256Hex(table));

  ResultTree tree(root);
  tree.Write("results.csv", table);
  WriteRunFiles(runs, &tree);
  if (!answers->claims.empty()) tree.Write("verdicts.json", PrettyJsonText(judged) + "\n");
  tree.Write("report.html", PageHtml(results.sweep().name(), PageData(results, runs, comparison, judged, manifest)));
  ReportSummary summary = Summarize(trials);
  summary.seeds = SeedsSentences(results.sweep().replication());
  summary.answers = *std::move(answers);
  summary.figure = DrawFigure(results.sweep(), comparison, &tree);
  manifest["files"] = tree.Digests();
  tree.Write("manifest.json", PrettyJsonText(manifest) + "\n");
  if (!tree.status().ok()) return tree.status();
  return summary;
}

}  // namespace plasa::cli
