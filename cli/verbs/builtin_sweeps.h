// The sweep files of sweeps/, embedded at build time.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"

namespace plasa::cli {

struct BuiltinSweep {
  absl::string_view name;
  absl::string_view text;
};

[[nodiscard]] const std::vector<BuiltinSweep>& BuiltinSweeps();

}  // namespace plasa::cli
