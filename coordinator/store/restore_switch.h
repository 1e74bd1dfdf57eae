// The second half of a restore: moving what is ready into place.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace plasa::store {

// Moves the files in ReadyToRestorePath(state_dir) into `state_dir`, and what was in their places into a new directory
// there, whose path is returned (empty when nothing was). Can be cut off anywhere and called again. Precondition: the
// ready directory is there, and the caller holds the lock.
[[nodiscard]] absl::StatusOr<std::string> MoveIntoPlace(const std::string& state_dir);

}  // namespace plasa::store
