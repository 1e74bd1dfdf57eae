#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/remote/control_client.h"
#include "cli/remote/model_json.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string worker;
  bool undo = false;
};

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::DrainWorkerRequest request;
  request.set_request_id(NewRequestId());
  request.set_worker(options.worker);
  request.set_undo(options.undo);
  const auto reply = (*client)->DrainWorker(request);
  if (!reply.ok()) return reply.status();
  View view;
  view.json = {{"v", 1}, {"worker", WorkerJson(reply->worker())}};
  view.table.columns = {{"WORKER"}, {"STATE"}};
  view.table.rows = {{reply->worker().id(), reply->worker().state()}};
  context.out().Print(view);
  return ExitCode::kOk;
}

}  // namespace

Verb WorkerDrainVerb() {
  return {"worker drain", "Let a worker finish and give it nothing new",
          "  plasactl worker drain a1b2c3d4\n  plasactl worker drain a1b2c3d4 --undo\n", [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("WORKER", &options->worker, "id, unique prefix or name");
            a.Flag("--undo", &options->undo, "give it work again");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
