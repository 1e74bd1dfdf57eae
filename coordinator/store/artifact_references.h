// Which stored files the database names.
#pragma once

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

// Digests of all artifacts that a row names.
[[nodiscard]] absl::StatusOr<std::set<std::string>> ReferencedArtifacts(Queries& queries);

}  // namespace plasa::store
