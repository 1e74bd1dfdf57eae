#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "boost/json/array.hpp"
#include "cli/context.h"
#include "cli/output/text.h"
#include "cli/remote/control_client.h"
#include "cli/remote/model_json.h"
#include "cli/remote/words.h"
#include "cli/verbs/trial_view.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

constexpr uint32_t kTailBytes = 4096;
constexpr int kTailLines = 20;

struct Options {
  std::string target = "last";
};

std::string Headline(const pb::Sweep& sweep, const Terminal& terminal) {
  std::string out =
      absl::StrCat(sweep.name(), " (", sweep.id(), ")  ", terminal.Paint(sweep.state(), StateColor(sweep.state())),
                   "\n", CountsText(sweep, terminal), "\n");
  if (sweep.state() == "running") {
    absl::StrAppend(&out, BarText(sweep.progress(), 30), absl::StrFormat(" %.0f%%", 100 * sweep.progress()), ", ETA ",
                    DurationText(sweep.eta_s()), "\n");
  }
  for (const std::string& sentence : SeedsSentences(sweep.replication())) absl::StrAppend(&out, sentence, "\n");
  return Harmless(out, true).empty() ? out : out + "\n";
}

std::string LastLines(const std::string& text, int lines) {
  size_t at = text.size();
  if (at > 0 && text[at - 1] == '\n') --at;
  for (int i = 0; i < lines && at != std::string::npos && at > 0; ++i) at = text.rfind('\n', at - 1);
  return text.substr(at == std::string::npos || at == 0 ? 0 : at + 1);
}

// The end of a failed trial's log; a log that cannot be had is no reason to fail.
std::string FailureText(ControlClient& client, const pb::Trial& trial) {
  std::string out = absl::StrCat("\n", trial.id(), " ", CauseWord(trial.cause()), ": ", trial.explain(), "\n");
  pb::GetLogRequest request;
  request.set_trial(trial.id());
  request.set_max_bytes(kTailBytes);
  const auto log = client.GetLog(request);
  if (log.ok() && !log->text().empty()) absl::StrAppend(&out, Harmless(LastLines(log->text(), kTailLines), true), "\n");
  return out;
}

std::string Failures(ControlClient& client, const std::vector<pb::Trial>& trials) {
  constexpr int kMost = 3;
  std::string out;
  int shown = 0;
  for (const pb::Trial& trial : trials) {
    if (trial.state() != pb::TRIAL_FAILED && trial.state() != pb::TRIAL_QUARANTINED) continue;
    if (++shown > kMost) return out + "\nMore failed; `plasactl explain TRIAL` shows each.\n";
    out += FailureText(client, trial);
  }
  return out;
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::GetSweepRequest request;
  request.set_sweep(options.target);
  const auto reply = (*client)->GetSweep(request);
  if (!reply.ok()) return reply.status();
  const std::vector<pb::Trial> trials(reply->trials().begin(), reply->trials().end());
  View view;
  boost::json::array items;
  for (const pb::Trial& trial : trials) items.push_back(TrialJson(trial));
  view.json = {{"v", 1}, {"sweep", SweepJson(reply->sweep())}, {"trials", std::move(items)}};
  view.items = "trials";
  view.before = Headline(reply->sweep(), context.out().terminal());
  view.table = TrialTable(trials, reply->sweep().metric_name());
  if (context.out().for_people()) view.after = Failures(**client, trials);
  context.out().Print(view);
  return ExitCode::kOk;
}

}  // namespace

Verb ShowVerb() {
  return {"show", "Show a sweep and its trials",
          "  plasactl show last\n  plasactl show demo -o wide\n  plasactl show s1f3a9c2 -o json\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Optional("SWEEP", &options->target, "id, unique prefix, name, or last (the default)");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
