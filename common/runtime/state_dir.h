// Where plasa keeps what must survive.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace plasa {

// The directory the flag names, else PLASA_STATE, else plasa below the XDG data home. Absolute; need not exist.
[[nodiscard]] std::string StateDirectory(absl::string_view flag);

}  // namespace plasa
