// The sweep a user means: a file, a built-in name, or standard input, with what the command line changes in it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/arguments.h"
#include "common/sweep/sweep.h"

namespace plasa::cli {

// Options that `submit` and `plan` share.
struct SweepChoice {
  std::string source;               // FILE, NAME or "-"
  std::vector<std::string> params;  // "key=v1,v2"
  int64_t seeds = 0;                // 0: as the file says
  std::string name;

  void Declare(Arguments& arguments);
};

// The text of a file or of a built-in sweep. NOT_FOUND suggests the nearest built-in name.
[[nodiscard]] absl::StatusOr<std::string> ReadSweepText(const std::string& source);

// The sweep with the overrides applied and the path of its data made absolute. INVALID_ARGUMENT names file, line and
// column; NOT_FOUND: data that are not there.
[[nodiscard]] absl::StatusOr<SweepSpec> LoadSweep(const SweepChoice& choice);

// A refusal of the sweep room as a status: its sentence, and how to mend it as the hint.
[[nodiscard]] absl::Status UsageError(const Error& error);

}  // namespace plasa::cli
