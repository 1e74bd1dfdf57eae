// Runs gnuplot.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/status.h"

namespace plasa::cli {

// Runs the script with `variables` set first ("kind='png'"), in `directory`. NOT_FOUND where gnuplot is not installed;
// INTERNAL with its own words where it failed.
[[nodiscard]] absl::Status RunGnuplot(const std::filesystem::path& directory, const std::string& script,
                                      const std::string& variables);

}  // namespace plasa::cli
