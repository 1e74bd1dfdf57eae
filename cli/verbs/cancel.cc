#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/remote/control_client.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string target;
};

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::CancelRequest request;
  request.set_request_id(NewRequestId());
  request.set_target(options.target);
  const auto reply = (*client)->Cancel(request);
  if (!reply.ok()) return reply.status();
  View view;
  view.json = {{"v", 1}, {"canceled", reply->canceled()}, {"kept", reply->kept()}};
  view.table.columns = {{"CANCELED", true}, {"KEPT", true}};
  view.table.rows = {{std::to_string(reply->canceled()), std::to_string(reply->kept())}};
  if (!context.out().for_people()) {
    context.out().Print(view);
    return ExitCode::kOk;
  }
  std::string text = absl::StrCat("Canceled ", reply->canceled(), reply->canceled() == 1 ? " trial" : " trials");
  if (reply->kept() > 0) absl::StrAppend(&text, "; ", reply->kept(), " go on because another sweep wants them");
  context.out().PrintRaw(text + ".\n");
  return ExitCode::kOk;
}

}  // namespace

Verb CancelVerb() {
  return {"cancel", "Stop a sweep or one trial", "  plasactl cancel last\n  plasactl cancel 3f9c0a1b\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("TARGET", &options->target, "sweep or trial: id, unique prefix, name, or last");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
