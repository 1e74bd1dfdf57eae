#include "coordinator/store/restore.h"

#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/output/exit_code.h"
#include "cli/verbs/copy_view.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string from;
  store::RestoreOptions restore;
};

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const std::string state = context.state_dir().string();
  const auto restored = store::Restore(options.from, state, options.restore);
  if (!restored.ok()) return restored.status();
  View view = CopyView("state", state, restored->copied);
  view.json["token_floor"] = restored->token_floor;
  view.json["replaced"] = restored->replaced;
  if (!restored->replaced.empty()) {
    view.after = absl::StrCat("What was there is in ", restored->replaced, "; remove it when you miss nothing.\n");
  }
  context.out().Print(view);
  if (!restored->remembered) {
    context.out().Note(absl::StrCat("cannot write ", options.from,
                                    "/restored.json: do not restore this same backup a second time after the state "
                                    "directory is lost, take a new backup now"));
  }
  if (!restored->copied.missing.empty()) context.out().Note(MissingText(restored->copied));
  return ExitCode::kOk;
}

}  // namespace

Verb RestoreVerb() {
  return {"restore", "Put a backup in place of a stopped coordinator's state",
          "  plasactl --state /var/lib/plasa restore /backup/plasa-monday\n"
          "  plasactl --state /var/lib/plasa restore /backup/plasa-monday --replace\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("FROM", &options->from, "a backup, or the copied state directory of a stopped coordinator");
            a.Flag("--replace", &options->restore.replace, "move an existing database aside");
            a.Flag("--incomplete", &options->restore.incomplete, "go on where the backup lacks artifacts");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
