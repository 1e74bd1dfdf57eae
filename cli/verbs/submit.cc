#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/remote/control_client.h"
#include "cli/verbs/sweep_source.h"
#include "cli/verbs/verbs.h"
#include "cli/verbs/watch.h"

namespace plasa::cli {
namespace {

struct Options {
  SweepChoice choice;
  bool watch = false;
};

std::string Sentence(const pb::SubmitReply& reply) {
  std::string text = absl::StrCat("Sweep ", reply.sweep_id(), ": ", reply.trials(), " trials");
  if (reply.created() == 0 && reply.requeued() == 0) return text + ", all there already; nothing new is queued.\n";
  absl::StrAppend(&text, ", ", reply.created(), " new");
  if (reply.requeued() > 0) absl::StrAppend(&text, ", ", reply.requeued(), " queued again");
  return absl::StrCat(text, ".\nLook on: plasactl watch ", reply.sweep_id(), "\n");
}

View SubmitView(const pb::SubmitReply& reply) {
  View view;
  view.json = {{"v", 1},
               {"sweep", reply.sweep_id()},
               {"trials", reply.trials()},
               {"created", reply.created()},
               {"requeued", reply.requeued()}};
  view.table.columns = {{"SWEEP"}, {"TRIALS", true}, {"CREATED", true}, {"REQUEUED", true}};
  view.table.rows = {{reply.sweep_id(), std::to_string(reply.trials()), std::to_string(reply.created()),
                      std::to_string(reply.requeued())}};
  return view;
}

absl::Status SendData(Context& context, ControlClient& client, const DataPackage& data) {
  size_t files = 0;
  uint64_t bytes = 0;
  absl::Status sent = UploadData(client, data, [&](const DataFile& file) {
    ++files;
    bytes += file.size;
  });
  if (sent.ok() && files > 0)
    context.out().Note(absl::StrCat("sent the data: ", files, files == 1 ? " file, " : " files, ", bytes, " bytes"));
  return sent;
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  auto spec = LoadSweep(options.choice);
  if (!spec.ok()) return spec.status();
  for (const std::string& remark : spec->remarks) context.out().Note(remark);
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  const auto data = PackDataOf(&*spec);
  if (!data.ok()) return data.status();
  if (*data) {
    absl::Status sent = SendData(context, **client, **data);
    if (!sent.ok()) return sent;
  }
  pb::SubmitRequest request;
  request.set_request_id(NewRequestId());
  request.set_spec_text(spec->canonical.CanonicalJson());
  const auto reply = (*client)->Submit(request);
  if (!reply.ok()) return reply.status();
  if (context.out().for_people()) {
    context.out().PrintRaw(Sentence(*reply));
  } else {
    context.out().Print(SubmitView(*reply));
  }
  return options.watch ? WatchSweep(context, reply->sweep_id()) : ExitCode::kOk;
}

}  // namespace

Verb SubmitVerb() {
  return {"submit", "Queue a sweep: a file or a built-in name",
          "  plasactl submit demo --watch\n  plasactl submit sweep.yaml --seeds 4\n"
          "  plasactl submit exp3 -P seq_len=64,256 -P lr=1e-3,3e-4 -P preset=demo\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            options->choice.Declare(a);
            a.Flag("-w,--watch", &options->watch, "look on until it ends");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
