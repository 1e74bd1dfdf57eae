#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/remote/control_client.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string label = "worker";
};

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::CreateTokenRequest request;
  request.set_request_id(NewRequestId());
  request.set_scope("worker");
  request.set_label(options.label);
  const auto reply = (*client)->CreateToken(request);
  if (!reply.ok()) return reply.status();
  const std::string join =
      absl::StrCat("plasa-worker --coordinator ", (*client)->address(), " --token-file worker.token");
  View view;
  view.json = {{"v", 1}, {"token", reply->token()}, {"join", join}};
  view.table.columns = {{"token"}, {"join"}};
  view.table.rows = {{reply->token(), join}};
  if (context.out().for_people()) {
    context.out().Note(
        "Keep this token in a file named worker.token (mode 0600) on the other machine, then run there:\n  " + join +
        "\nIt is shown only now.");
    context.out().PrintRaw(reply->token() + "\n");
    return ExitCode::kOk;
  }
  context.out().Print(view);
  return ExitCode::kOk;
}

}  // namespace

Verb WorkerTokenVerb() {
  return {"worker token", "Make a token with which a worker on another machine joins",
          "  plasactl worker token\n  plasactl worker token -q > worker.token\n", [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Option("--label", "TEXT", &options->label, "what the token is for");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
