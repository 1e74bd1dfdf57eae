// The exit codes of plasactl, and how a status becomes one.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace plasa::cli {

// Documented in docs/cli.md; scripts rely on these numbers.
enum class ExitCode : int {
  kOk = 0,
  kFailure = 1,
  kUsage = 2,
  kNotFound = 3,
  kNotAllowed = 4,
  kConflict = 5,     // or fenced
  kUnavailable = 6,  // or timed out
  kPartial = 7,
  kTrialFailed = 8,  // `wait`: some trial failed, was canceled or quarantined
};

// The exit code for a failed call. An OK status is kOk.
[[nodiscard]] ExitCode ExitCodeOf(const absl::Status& status);

// The word for a status code in `{"error":{"code":...}}`: "not_found", "unavailable", ...
[[nodiscard]] absl::string_view ErrorWord(const absl::Status& status);

// A status that also says how to mend what went wrong.
[[nodiscard]] absl::Status Failure(absl::StatusCode code, const std::string& message, std::string hint = {});

// The hint given to Failure, else "".
[[nodiscard]] std::string HintOf(const absl::Status& status);

}  // namespace plasa::cli
