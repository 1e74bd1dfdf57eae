// Watching a sweep; also what `submit --watch` ends in.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "cli/context.h"
#include "cli/output/exit_code.h"

namespace plasa::cli {

// Shows the sweep until it ends or the user stops looking. kOk where every trial was admitted or the user left,
// kTrialFailed otherwise.
[[nodiscard]] absl::StatusOr<ExitCode> WatchSweep(Context& context, const std::string& target);

}  // namespace plasa::cli
