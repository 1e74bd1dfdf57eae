// Artifacts in a directory that workers share: STATE/artifacts is then a link into it.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace plasa {

// Makes STATE/artifacts lead to a directory of its own below `root` and moves what was stored so far there;
// `fresh_name` names that directory when it is made, and nothing else may have that name, ever. An empty `root` leaves
// everything as it is. Returns the name below the root by which workers find it; empty where artifacts are not shared.
// FAILED_PRECONDITION when `root` is not a directory; the message says how to mend it.
[[nodiscard]] absl::StatusOr<std::string> OpenArtifactRoot(const std::string& state_dir, const std::string& root,
                                                           const std::string& fresh_name);

}  // namespace plasa
