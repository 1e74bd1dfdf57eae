// "Did you mean": the nearest known word.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace plasa::cli {

// The word of `known` at the smallest edit distance from `typed`, if near enough to be a slip; else "".
[[nodiscard]] std::string Nearest(absl::string_view typed, const std::vector<std::string>& known);

}  // namespace plasa::cli
