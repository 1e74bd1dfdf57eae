#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "boost/json/array.hpp"
#include "cli/context.h"
#include "cli/output/text.h"
#include "cli/remote/control_client.h"
#include "cli/remote/model_json.h"
#include "cli/remote/words.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  bool all = false;
};

std::vector<TableCell> Row(const pb::WorkerView& worker) {
  std::vector<std::string> running;
  std::vector<std::string> devices;
  for (const pb::SlotView& slot : worker.slots()) {
    if (!slot.trial().empty()) running.push_back(slot.trial());
    devices.push_back(slot.device().kind());
  }
  return {worker.id(),
          worker.name(),
          TableCell(worker.state(), StateColor(worker.state())),
          std::to_string(worker.slots().size()),
          TableCell(absl::StrCat(running.size())),
          absl::StrJoin(devices, " "),
          TableCell(DurationText(worker.silent_s()), Rounded(worker.silent_s())),
          worker.version(),
          absl::StrJoin(worker.trainers(), " "),
          absl::StrJoin(running, " ")};
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::ListWorkersRequest request;
  request.set_include_gone(options.all);
  const auto reply = (*client)->ListWorkers(request);
  if (!reply.ok()) return reply.status();
  if (reply->workers().empty() && context.out().for_people()) {
    context.out().Note("No worker is here. `plasactl worker token` shows how one joins.");
    return ExitCode::kOk;
  }
  View view;
  boost::json::array workers;
  view.table.columns = {{"WORKER"},  {"NAME"},         {"STATE"},   {"SLOTS", true},           {"BUSY", true},
                        {"DEVICES"}, {"SILENT", true}, {"VERSION"}, {"TRAINERS", false, true}, {"RUNS", false, true}};
  for (const pb::WorkerView& worker : reply->workers()) {
    workers.push_back(WorkerJson(worker));
    view.table.rows.push_back(Row(worker));
  }
  view.json = {{"v", 1}, {"workers", std::move(workers)}};
  view.items = "workers";
  context.out().Print(view);
  return ExitCode::kOk;
}

}  // namespace

Verb WorkerListVerb() {
  return {"worker list", "Show the workers and what they run",
          "  plasactl worker list\n  plasactl worker list --all -o wide\n", [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Flag("--all", &options->all, "those that are gone, too");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
