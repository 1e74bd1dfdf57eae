// Which stored files the database names, and where such a file lies.
#pragma once

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

// Digests of all artifacts that a row names.
[[nodiscard]] absl::StatusOr<std::set<std::string>> ReferencedArtifacts(Queries& queries);

// ROOT/<first two digits>/<sha256>.
[[nodiscard]] std::string ArtifactPath(const std::string& root, const std::string& sha256);

}  // namespace plasa::store
