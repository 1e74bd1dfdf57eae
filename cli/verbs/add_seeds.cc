#include <algorithm>

#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/remote/control_client.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string sweep;
  int64_t seeds = 0;
};

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::AddSeedsRequest request;
  request.set_request_id(NewRequestId());
  request.set_sweep(options.sweep);
  request.set_seeds(static_cast<uint32_t>(std::clamp<int64_t>(options.seeds, 0, UINT32_MAX)));
  const auto reply = (*client)->AddSeeds(request);
  if (!reply.ok()) return reply.status();
  View view;
  view.json = {{"v", 1},
               {"sweep", reply->sweep_id()},
               {"trials", reply->trials()},
               {"created", reply->created()},
               {"requeued", reply->requeued()}};
  view.table.columns = {{"SWEEP"}, {"TRIALS", true}, {"CREATED", true}, {"REQUEUED", true}};
  view.table.rows = {{reply->sweep_id(), absl::StrCat(reply->trials()), absl::StrCat(reply->created()),
                      absl::StrCat(reply->requeued())}};
  if (!context.out().for_people()) {
    context.out().Print(view);
    return ExitCode::kOk;
  }
  context.out().PrintRaw(absl::StrCat("Sweep ", reply->sweep_id(), ": ", reply->trials(), " more ",
                                      reply->trials() == 1 ? "trial" : "trials", ", ", reply->created(),
                                      " new.\nThe report says that they were added after it was submitted.\n"));
  return ExitCode::kOk;
}

}  // namespace

Verb AddSeedsVerb() {
  return {"add-seeds", "Run every cell of a sweep with more seeds",
          "  plasactl add-seeds last 4\n  plasactl add-seeds rates 1\n", [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("SWEEP", &options->sweep, "id, unique prefix, name, or last");
            a.Required("N", &options->seeds, "how many more, behind the largest seed it has");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
