// Reads what a run left behind.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "cli/drill/judge.h"
#include "cli/remote/control_client.h"

namespace plasa::cli {

// Every trial of the sweep, with all its points but measured times.
[[nodiscard]] absl::StatusOr<Outcome> ReadOutcome(ControlClient& client, const std::string& sweep);

}  // namespace plasa::cli
