// The worker's log: a fixed phrase, then key=value, one line on standard error.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace plasa::worker {

using LogField = std::pair<absl::string_view, std::string>;

// Thread-safe. Values with spaces are quoted.
void LogInfo(absl::string_view phrase, std::initializer_list<LogField> fields = {});
void LogWarning(absl::string_view phrase, std::initializer_list<LogField> fields = {});

}  // namespace plasa::worker
