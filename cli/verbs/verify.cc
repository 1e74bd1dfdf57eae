#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/evidence/recompute.h"
#include "cli/evidence/stored.h"
#include "cli/output/exit_code.h"
#include "cli/output/interrupt.h"
#include "cli/remote/control_client.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string sweep = "last";
  std::string report;
  int64_t recompute = 0;
  int64_t seed = -1;  // drawn
  std::string tolerance;
  std::vector<std::string> trainers;
};

absl::StatusOr<RecomputeOptions> RecomputeOptionsOf(Context& context, const Options& options) {
  RecomputeOptions out;
  if (options.recompute < 0) {
    return Failure(absl::StatusCode::kInvalidArgument, "--recompute is not negative",
                   "`plasactl verify last --recompute 2` runs two trials anew");
  }
  if (!options.tolerance.empty() && (!absl::SimpleAtod(options.tolerance, &out.tolerance) || !(out.tolerance >= 0))) {
    return Failure(absl::StatusCode::kInvalidArgument, absl::StrCat("--tolerance ", options.tolerance, " is no share"),
                   "give the largest relative difference, e.g. 1e-3");
  }
  out.trials = static_cast<size_t>(options.recompute);
  out.seed = options.seed >= 0 ? static_cast<uint64_t>(options.seed) : std::random_device()();
  out.trainers = options.trainers;
  out.artifacts = context.state_dir() / "artifacts";
  return out;
}

absl::Status RunAnewChecks(Context& context, const pb::GetResultsReply& results, const RecomputeOptions& options,
                           std::vector<Check>* checks) {
  const std::vector<int> chosen = ChooseTrials(results, options);
  if (options.trials > 0 && chosen.empty())
    checks->push_back(Refused("trials anew", "no trial of the sweep has an admitted result"));
  const Interrupt interrupt;
  for (const int place : chosen) {
    const pb::TrialResult& stored = results.results(place);
    context.out().Note(absl::StrCat("running trial ", stored.trial().id(), " anew (choice --seed ", options.seed, ")"));
    auto check = Recompute(stored, options, interrupt);
    if (!check.ok()) return check.status();
    checks->push_back(*std::move(check));
  }
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto recompute = RecomputeOptionsOf(context, options);
  if (!recompute.ok()) return recompute.status();
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::GetResultsRequest request;
  request.set_sweep(options.sweep);
  const auto results = (*client)->GetResults(request);
  if (!results.ok()) return results.status();
  std::vector<Check> checks = {CheckResults(*results), CheckCertificates(*results),
                               CheckArtifacts(*results, recompute->artifacts)};
  if (!options.report.empty()) {
    for (Check& check : CheckReport(*results, options.report)) checks.push_back(std::move(check));
  }
  if (absl::Status ran = RunAnewChecks(context, *results, *recompute, &checks); !ran.ok()) return ran;
  context.out().Print(ChecksView(results->sweep().id(), checks));
  return AllHold(checks) ? ExitCode::kOk : ExitCode::kFailure;
}

}  // namespace

Verb VerifyVerb() {
  return {"verify", "Check a sweep's stored evidence, and run some of its trials anew (exit 1: something differs)",
          "  plasactl verify last\n  plasactl verify demo --report results/demo --recompute 2\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Optional("SWEEP", &options->sweep, "id, unique prefix, name, or last (the default)");
            a.Option("--report", "DIR", &options->report, "also the files of this report against its manifest.json");
            a.Option("--recompute", "N", &options->recompute, "run N trials anew here and compare every number (0)");
            a.Option("--seed", "S", &options->seed, "choose the same trials as an earlier verify (default: new ones)");
            a.Option("--tolerance", "SHARE", &options->tolerance,
                     "on other hardware, accept final metrics that differ by no more (default: refuse there)");
            a.Option("--trainer", "NAME=PATH", &options->trainers, "another trainer than plasa; repeatable");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
