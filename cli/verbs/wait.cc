#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/output/interrupt.h"
#include "cli/output/text.h"
#include "cli/remote/model_json.h"
#include "cli/verbs/sweep_tracker.h"
#include "cli/verbs/trial_view.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

constexpr double kPollSeconds = 1;

struct Options {
  std::string target = "last";
  double timeout_s = -1;  // none
};

absl::Status TimedOut(const SweepTracker& tracker, double timeout_s) {
  return Failure(
      absl::StatusCode::kDeadlineExceeded,
      absl::StrCat("sweep ", tracker.sweep().id(), " has not ended within ", Rounded(timeout_s), " s"),
      "it goes on; wait again with a longer --timeout, or look with `plasactl show " + tracker.sweep().id() + "`");
}

void PrintEnd(Context& context, const SweepTracker& tracker) {
  View view;
  view.json = {{"v", 1}, {"sweep", SweepJson(tracker.sweep())}};
  view.before = absl::StrCat(tracker.sweep().name(), " (", tracker.sweep().id(), ")  ",
                             CountsText(tracker.sweep(), context.out().terminal()), "\n");
  if (!context.out().for_people()) {
    view.table.columns = {{"SWEEP"}, {"STATE"}};
    view.table.rows = {{tracker.sweep().id(), tracker.sweep().state()}};
  }
  context.out().Print(view);
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const Interrupt interrupt;
  const double start = SteadySeconds();
  SweepTracker tracker(&context, options.target);
  if (const absl::Status status = tracker.Load(); !status.ok()) return status;
  while (!tracker.AllEnded()) {
    if (interrupt.Requested() > 0) return absl::CancelledError("stopped waiting; the sweep goes on");
    const double left = options.timeout_s < 0 ? kPollSeconds : options.timeout_s - (SteadySeconds() - start);
    if (left <= 0) return TimedOut(tracker, options.timeout_s);
    const absl::Status status = tracker.Poll(std::min(left, kPollSeconds));
    if (!status.ok()) return status;
    if (tracker.away()) interrupt.Sleep(std::min(left, 0.3));
  }
  PrintEnd(context, tracker);
  return tracker.AllAdmitted() ? ExitCode::kOk : ExitCode::kTrialFailed;
}

}  // namespace

Verb WaitVerb() {
  return {"wait", "Wait until every trial of a sweep ended (exit 0: all admitted, 8: some failed, 6: timeout)",
          "  plasactl wait last\n  plasactl wait demo --timeout 10m\n", [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Optional("SWEEP", &options->target, "id, unique prefix, name, or last (the default)");
            a.Duration("--timeout", &options->timeout_s, "give up after this long (default: never)");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
