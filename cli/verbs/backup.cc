#include "coordinator/store/backup.h"

#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/output/exit_code.h"
#include "cli/verbs/copy_view.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string to;
};

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto copied = store::BackUp(context.state_dir().string(), options.to);
  if (!copied.ok()) return copied.status();
  View view = CopyView("backup", options.to, *copied);
  view.after = absl::StrCat("Put it back with: plasactl restore ", options.to, " --state DIR\n");
  context.out().Print(view);
  if (copied->missing.empty()) return ExitCode::kOk;
  context.out().Note(absl::StrCat(MissingText(*copied), "; a restore of this backup needs --incomplete"));
  return ExitCode::kPartial;
}

}  // namespace

Verb BackupVerb() {
  return {"backup", "Copy the coordinator's state while it runs",
          "  plasactl backup /backup/plasa-monday\n  plasactl --state /var/lib/plasa backup /backup/plasa-monday\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("TO", &options->to, "a directory that is not there yet");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
