#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/context.h"
#include "cli/output/interrupt.h"
#include "cli/remote/control_client.h"
#include "cli/remote/words.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string trial;
  bool follow = false;
  int64_t bytes = 0;
};

absl::StatusOr<pb::GetLogReply> Fetch(ControlClient& client, const Options& options) {
  pb::GetLogRequest request;
  request.set_trial(options.trial);
  request.set_max_bytes(static_cast<uint32_t>(options.bytes));
  return client.GetLog(request);
}

absl::StatusOr<bool> HasEnded(ControlClient& client, const std::string& trial) {
  pb::GetTrialRequest request;
  request.set_trial(trial);
  const auto reply = client.GetTrial(request);
  if (!reply.ok()) return reply.status();
  return Ended(reply->trial().state());
}

// What `now` has beyond `before`, where both are windows on one growing log.
std::string Growth(const std::string& before, const std::string& now) {
  for (size_t skip = 0; skip < before.size(); ++skip) {
    const size_t overlap = before.size() - skip;
    if (overlap <= now.size() && before.compare(skip, overlap, now, 0, overlap) == 0) return now.substr(overlap);
  }
  return now;
}

absl::StatusOr<ExitCode> Follow(Context& context, ControlClient& client, const Options& options, std::string shown) {
  const Interrupt interrupt;
  while (!interrupt.Requested()) {
    const auto ended = HasEnded(client, options.trial);
    if (!ended.ok()) return ended.status();
    const auto reply = Fetch(client, options);
    if (!reply.ok()) return reply.status();
    context.out().PrintRaw(Harmless(Growth(shown, reply->text()), true));
    shown = reply->text();
    if (*ended) break;
    interrupt.Sleep(0.5);
  }
  return ExitCode::kOk;
}

View LogView(const pb::GetLogReply& reply) {
  View view;
  view.json = {{"v", 1},
               {"text", reply.text()},
               {"dropped_bytes", reply.dropped_bytes()},
               {"worker", reply.worker()},
               {"path", reply.path()}};
  view.table.columns = {{"text"}};
  view.table.rows = {{reply.text()}};
  return view;
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  const auto reply = Fetch(**client, options);
  if (!reply.ok()) return reply.status();
  const Format format = context.out().format();
  if (format != Format::kTable && format != Format::kWide) {
    context.out().Print(LogView(*reply));
    return ExitCode::kOk;
  }
  if (reply->dropped_bytes() > 0) {
    context.out().Note(absl::StrCat("(", reply->dropped_bytes(), " earlier bytes are only in ", reply->path(),
                                    " on worker ", reply->worker(), ")"));
  }
  context.out().PrintRaw(Harmless(reply->text(), true));
  if (options.follow) return Follow(context, **client, options, reply->text());
  return ExitCode::kOk;
}

}  // namespace

Verb LogsVerb() {
  return {"logs", "Print what a trial's trainer wrote", "  plasactl logs 3f9c0a1b\n  plasactl logs 3f9c0a1b -f\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("TRIAL", &options->trial, "id or unique prefix");
            a.Flag("-f,--follow", &options->follow, "go on until the trial ends");
            a.Option("--bytes", "N", &options->bytes, "how much of the end (64 KiB)");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
