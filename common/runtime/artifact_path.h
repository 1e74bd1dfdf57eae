// Where a stored file lies, for all who reach into the directory of artifacts.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"

namespace plasa {

// ROOT/<first two digits>/<sha256>. Precondition: `sha256` is one.
[[nodiscard]] inline std::string ArtifactPath(const std::string& root, const std::string& sha256) {
  return absl::StrCat(root, "/", sha256.substr(0, 2), "/", sha256);
}

}  // namespace plasa
