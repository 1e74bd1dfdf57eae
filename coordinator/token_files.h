// DIR/tokens/: the secrets that programs on this machine use, one file a scope, readable by the owner alone.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/runtime/clock.h"
#include "coordinator/auth.h"
#include "coordinator/store/credentials.h"

namespace plasa {

// All credentials of the database; makes the files of scope admin, worker and metrics that are missing or not known
// there.
[[nodiscard]] absl::StatusOr<std::vector<Credential>> OpenCredentials(store::Queries& queries,
                                                                      const std::string& state_dir, const Clock& clock);

[[nodiscard]] store::CredentialRow RowOf(const Credential& credential);

}  // namespace plasa
