// What `plasactl doctor` looks at.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"

namespace plasa::cli {

// One thing looked at. `mend` says how to put it right where it is not.
struct Finding {
  enum class Grade { kGood, kWarning, kBad };
  std::string check;
  Grade grade;
  std::string found;
  std::string mend;
};

// The programs of plasa and what they call.
[[nodiscard]] std::vector<Finding> CheckPrograms();
// The state directory and its disk.
[[nodiscard]] std::vector<Finding> CheckState(const std::filesystem::path& state);
// The coordinator and its workers; the default ports where none runs.
[[nodiscard]] std::vector<Finding> CheckService(Context& context);

}  // namespace plasa::cli
