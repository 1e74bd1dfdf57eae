// The sweep a user means: a file, a built-in name, or standard input, with what the command line changes in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/arguments.h"
#include "cli/remote/data_package.h"
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

// The sweep with the overrides applied. INVALID_ARGUMENT names file, line and column; NOT_FOUND: data or a tokenizer
// that are not there.
[[nodiscard]] absl::StatusOr<SweepSpec> LoadSweep(const SweepChoice& choice);

// Packs the folder or file that the sweep names as its data, and names it by its digest instead. Nothing when the sweep
// names none. NOT_FOUND and INVALID_ARGUMENT name the path.
[[nodiscard]] absl::StatusOr<std::optional<DataPackage>> PackDataOf(SweepSpec* spec);

// A refusal of the sweep room as a status: its sentence, and how to mend it as the hint.
[[nodiscard]] absl::Status UsageError(const Error& error);

}  // namespace plasa::cli
