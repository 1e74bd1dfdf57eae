#include "cli/context.h"
#include "cli/remote/control_client.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

absl::StatusOr<ExitCode> Run(Context& context) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  const auto reply = (*client)->CreateDashboardLink();
  if (!reply.ok()) return reply.status();
  View view;
  view.json = {{"v", 1}, {"dashboard", reply->url()}};
  view.table.columns = {{"dashboard"}};
  view.table.rows = {{reply->url()}};
  if (context.out().for_people()) {
    context.out().Note("This link works once; it signs the browser in.");
    context.out().PrintRaw(reply->url() + "\n");
    return ExitCode::kOk;
  }
  context.out().Print(view);
  return ExitCode::kOk;
}

}  // namespace

Verb DashboardVerb() {
  return {"dashboard", "Print a fresh one-time link to the dashboard",
          "  plasactl dashboard\n  xdg-open \"$(plasactl dashboard -q)\"\n", [](Arguments&) -> Body { return Run; }};
}

}  // namespace plasa::cli
