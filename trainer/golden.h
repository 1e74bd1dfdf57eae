// The recorded cases of the specification: `plasa-trainer golden DIR`.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace plasa::trainer {

// Manifests in `dir` that have a tensor file and a configuration, sorted by name (paths of the .json files).
[[nodiscard]] Result<std::vector<std::string>> GoldenManifests(const std::string& dir);

// Checks one case in double and in float. One line "ok|FAIL NAME max_abs max_rel" (figures of the double run) to `out`,
// the differences of a failed case below it. Returns whether it passes; an unreadable case fails.
[[nodiscard]] bool CheckGolden(const std::string& manifest, std::ostream& out);

// Checks every case in `dir`; 0 if all pass, 1 if one fails, 3 if the folder cannot be read or holds no case.
[[nodiscard]] int RunGolden(const std::string& dir, std::ostream& out, std::ostream& err);

}  // namespace plasa::trainer
