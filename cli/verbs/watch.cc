#include "cli/verbs/watch.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "boost/json/array.hpp"
#include "cli/output/interrupt.h"
#include "cli/output/json_text.h"
#include "cli/remote/control_client.h"
#include "cli/remote/model_json.h"
#include "cli/verbs/sweep_tracker.h"
#include "cli/verbs/trial_view.h"
#include "cli/verbs/verbs.h"
#include "cli/verbs/watch_view.h"

namespace plasa::cli {
namespace {

constexpr double kPollSeconds = 0.5;
constexpr int kMostLines = 48;

// Draws over what it drew before. Main thread only.
class LiveScreen {
 public:
  explicit LiveScreen(Printer* out) : out_(out) {}

  void Draw(const std::string& text) {
    std::string frame;
    if (lines_ > 0) absl::StrAppend(&frame, "\x1b[", lines_, "A");
    for (const char c : text) frame += c == '\n' ? std::string("\x1b[K\n") : std::string(1, c);
    out_->PrintRaw(frame + "\x1b[J");
    lines_ = std::count(text.begin(), text.end(), '\n');
  }

 private:
  Printer* const out_;
  int64_t lines_ = 0;
};

// Shows one state of the sweep after another, in the way that fits stdout.
class Watcher {
 public:
  Watcher(Context* context, SweepTracker* tracker) : context_(context), tracker_(tracker), screen_(&context->out()) {}

  void Show() {
    const std::string& metric = tracker_->sweep().metric_name();
    for (const size_t i : tracker_->changed()) view_.Observe(tracker_->trials()[i], metric);
    Printer& out = context_->out();
    if (out.for_people() && out.terminal().live()) {
      screen_.Draw(
          view_.Render(tracker_->sweep(), tracker_->trials(), out.terminal(), out.terminal().Width(), kMostLines) +
          (tracker_->away() ? "The coordinator is away; trying again.\n" : ""));
      return;
    }
    for (const size_t i : tracker_->changed()) ShowChange(tracker_->trials()[i]);
  }

 private:
  void ShowChange(const pb::Trial& trial) {
    const Format format = context_->out().format();
    if (format == Format::kJson || format == Format::kJsonl) {
      context_->out().PrintRaw(JsonText(TrialJson(trial)) + "\n");
    } else {
      context_->out().PrintRaw(ChangeLine(trial, tracker_->sweep().metric_name()) + "\n");
    }
  }

  Context* const context_;
  SweepTracker* const tracker_;
  WatchView view_;
  LiveScreen screen_;
};

}  // namespace

absl::StatusOr<ExitCode> WatchSweep(Context& context, const std::string& target) {
  const Interrupt interrupt;
  SweepTracker tracker(&context, target);
  if (const absl::Status status = tracker.Load(); !status.ok()) return status;
  Watcher watcher(&context, &tracker);
  watcher.Show();
  while (!tracker.AllEnded()) {
    if (interrupt.Requested() > 0) {
      context.out().Note(absl::StrCat("Stopped watching. The sweep goes on; `plasactl watch ", tracker.sweep().id(),
                                      "` looks again, `plasactl cancel ", tracker.sweep().id(), "` stops it."));
      return ExitCode::kOk;
    }
    const absl::Status status = tracker.Poll(kPollSeconds);
    if (!status.ok()) return status;
    watcher.Show();
    if (tracker.away()) interrupt.Sleep(0.3);
  }
  return tracker.AllAdmitted() ? ExitCode::kOk : ExitCode::kTrialFailed;
}

Verb WatchVerb() {
  return {"watch", "Look on while a sweep runs (Ctrl-C leaves it running)",
          "  plasactl watch last\n  plasactl watch last -o jsonl | jq .state\n", [](Arguments& a) -> Body {
            auto target = std::make_shared<std::string>("last");
            a.Optional("SWEEP", target.get(), "id, unique prefix, name, or last (the default)");
            return [target](Context& context) { return WatchSweep(context, *target); };
          }};
}

}  // namespace plasa::cli
