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
  pb::RetryRequest request;
  request.set_request_id(NewRequestId());
  request.set_target(options.target);
  const auto reply = (*client)->Retry(request);
  if (!reply.ok()) return reply.status();
  if (context.out().for_people()) {
    context.out().PrintRaw(absl::StrCat(reply->requeued(), " of ", reply->trials(),
                                        reply->trials() == 1 ? " trial queued again.\n" : " trials queued again.\n"));
    return ExitCode::kOk;
  }
  View view;
  view.json = {{"v", 1}, {"trials", reply->trials()}, {"requeued", reply->requeued()}};
  view.table.columns = {{"TRIALS", true}, {"REQUEUED", true}};
  view.table.rows = {{std::to_string(reply->trials()), std::to_string(reply->requeued())}};
  context.out().Print(view);
  return ExitCode::kOk;
}

}  // namespace

Verb RetryVerb() {
  return {"retry", "Queue again what failed, was canceled or was stopped by an audit",
          "  plasactl retry last\n  plasactl retry 3f9c0a1b\n", [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("TARGET", &options->target, "sweep or trial: id, unique prefix, name, or last");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
