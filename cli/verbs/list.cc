#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "boost/json/array.hpp"
#include "cli/context.h"
#include "cli/output/text.h"
#include "cli/remote/control_client.h"
#include "cli/remote/model_json.h"
#include "cli/remote/words.h"
#include "cli/verbs/verbs.h"
#include "common/base/number_text.h"

namespace plasa::cli {
namespace {

struct Options {
  int64_t limit = 100;
};

uint32_t CountOf(const pb::Sweep& sweep, pb::TrialState state) {
  for (const pb::StateCount& count : sweep.counts()) {
    if (count.state() == state) return count.count();
  }
  return 0;
}

std::vector<TableCell> Row(const pb::Sweep& sweep, double now_s) {
  const bool has_best = !sweep.best_trial().empty();
  return {sweep.id(),
          sweep.name(),
          TableCell(sweep.state(), StateColor(sweep.state())),
          TableCell(std::to_string(sweep.trials())),
          TableCell(std::to_string(CountOf(sweep, pb::TRIAL_SUCCEEDED))),
          TableCell(std::to_string(CountOf(sweep, pb::TRIAL_FAILED) + CountOf(sweep, pb::TRIAL_QUARANTINED))),
          TableCell(absl::StrFormat("%.0f%%", 100 * sweep.progress()), NumberText(sweep.progress())),
          TableCell(sweep.eta_s() < 0 ? "-" : DurationText(sweep.eta_s()), NumberText(sweep.eta_s())),
          has_best ? TableCell(Rounded(sweep.best_value()), NumberText(sweep.best_value()))
                   : TableCell("-", std::string("NaN")),
          TableCell(AgoText(sweep.created_unix_s(), now_s), NumberText(sweep.created_unix_s()))};
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::ListSweepsRequest request;
  request.set_limit(static_cast<uint32_t>(options.limit));
  const auto reply = (*client)->ListSweeps(request);
  if (!reply.ok()) return reply.status();
  View view;
  boost::json::array sweeps;
  view.table.columns = {{"SWEEP"},        {"NAME"},           {"STATE"},     {"TRIALS", true}, {"SUCCEEDED", true},
                        {"FAILED", true}, {"PROGRESS", true}, {"ETA", true}, {"BEST", true},   {"CREATED", true}};
  const double now_s = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  for (const pb::Sweep& sweep : reply->sweeps()) {
    sweeps.push_back(SweepJson(sweep));
    view.table.rows.push_back(Row(sweep, now_s));
  }
  if (sweeps.empty() && context.out().for_people()) {
    context.out().Note("No sweep yet. Try: plasactl submit demo --watch");
    return ExitCode::kOk;
  }
  view.items = "sweeps";
  view.json = {{"v", 1}, {"sweeps", std::move(sweeps)}};
  context.out().Print(view);
  return ExitCode::kOk;
}

}  // namespace

Verb ListVerb() {
  return {"list", "Show the sweeps, newest first", "  plasactl list\n  plasactl list -o json\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Option("--limit", "N", &options->limit, "how many at most (100)");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
