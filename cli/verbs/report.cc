#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/remote/control_client.h"
#include "cli/report/tree.h"
#include "cli/report/verdicts.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string sweep = "last";
  std::string to = "results";
};

std::string Sentence(const ReportSummary& summary, const std::string& to) {
  std::string text = absl::StrCat("Wrote ", to, " from ", summary.succeeded, " of ", summary.trials, " trials");
  if (summary.invalid > 0) absl::StrAppend(&text, "; ", summary.invalid, " are INVALID and no evidence for any claim");
  if (summary.pruned > 0) {
    absl::StrAppend(&text, "; ", summary.pruned, summary.pruned == 1 ? " was" : " were",
                    " pruned: tables and verdicts leave them out, and comparisons with their cells are not testable");
  }
  return text + ".\n";
}

void Print(Context& context, const ReportSummary& summary, const std::string& to) {
  if (context.out().for_people()) {
    context.out().PrintRaw(Sentence(summary, to));
    for (const std::string& sentence : summary.seeds) context.out().PrintRaw(sentence + "\n");
    if (!summary.answers.claims.empty())
      context.out().PrintRaw("\n" + TableText(ClaimTable(summary.answers), false, context.out().terminal()));
    if (!summary.figure.ok()) context.out().PrintError(summary.figure);
    return;
  }
  const boost::json::object verdicts = VerdictsJson(summary.answers);
  View view;
  view.json = {{"v", 1},
               {"directory", to},
               {"trials", summary.trials},
               {"succeeded", summary.succeeded},
               {"invalid", summary.invalid},
               {"pruned", summary.pruned},
               {"claims", verdicts.at("claims")},
               {"verdicts", verdicts.at("verdicts")},
               {"figure", std::string(summary.figure.ok() ? "drawn" : summary.figure.message())}};
  view.table.columns = {{"directory"}, {"trials", true}, {"succeeded", true}, {"invalid", true}, {"pruned", true}};
  view.table.rows = {{to, std::to_string(summary.trials), std::to_string(summary.succeeded),
                      std::to_string(summary.invalid), std::to_string(summary.pruned)}};
  context.out().Print(view);
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::GetResultsRequest request;
  request.set_sweep(options.sweep);
  request.set_related(true);
  const auto results = (*client)->GetResults(request);
  if (!results.ok()) return results.status();
  const auto summary = WriteReport(*results, options.to);
  if (!summary.ok()) return summary.status();
  Print(context, *summary, options.to);
  const bool whole = summary->figure.ok() && summary->succeeded + summary->pruned == summary->trials;
  return whole ? ExitCode::kOk : ExitCode::kPartial;
}

}  // namespace

Verb ReportVerb() {
  return {"report",
          "Write the result tree of a sweep: tables, records, figure, verdicts (exit 7: from part of the trials)",
          "  plasactl report last -o results\n  plasactl report demo --to /tmp/demo\n", [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Optional("SWEEP", &options->sweep, "id, unique prefix, name, or last (the default)");
            a.Option("-o,--to", "DIR", &options->to, "where to (results)");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
