// Reads back what the core needs to go on after a start.
#pragma once

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/core/state.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

// The state as the last commit left it. Steady times are zero: Core sets them.
[[nodiscard]] absl::StatusOr<coordinator::State> LoadState(Queries& queries);

// Digests of all artifacts that a row names.
[[nodiscard]] absl::StatusOr<std::set<std::string>> ReferencedArtifacts(Queries& queries);

}  // namespace plasa::store
