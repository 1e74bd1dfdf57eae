#include "cli/context.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

absl::StatusOr<ExitCode> Run(Context& context) {
  View view;
  view.json = {{"v", 1}, {"version", PLASA_VERSION}};
  view.table.columns = {{"version"}};
  view.table.rows = {{PLASA_VERSION}};
  if (context.out().for_people()) {
    context.out().PrintRaw("plasactl " PLASA_VERSION "\n");
  } else {
    context.out().Print(view);
  }
  return ExitCode::kOk;
}

}  // namespace

Verb VersionVerb() {
  return {"version", "Print the version", "  plasactl version\n", [](Arguments&) -> Body { return Run; }};
}

}  // namespace plasa::cli
