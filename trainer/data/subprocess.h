// Runs a helper program of a corpus and collects what it prints.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"

namespace plasa::trainer {

// Standard output of `argv` (searched in PATH, no shell, standard input empty). Fails if the program cannot be started
// or does not exit with 0.
[[nodiscard]] Result<std::string> OutputOf(const std::vector<std::string>& argv);

// Whether `program` is on the PATH.
[[nodiscard]] bool IsOnPath(const std::string& program);

}  // namespace plasa::trainer
