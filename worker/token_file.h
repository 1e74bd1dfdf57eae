// The secret a worker shows to its coordinator.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace plasa::worker {

// The first line of the file, without spaces around it. PERMISSION_DENIED where it is missing, empty or no token.
[[nodiscard]] absl::StatusOr<std::string> ReadToken(const std::string& path);

}  // namespace plasa::worker
