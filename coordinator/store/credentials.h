// The secrets people and machines may present, as hashes.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

struct CredentialRow {
  std::string sha256;
  std::string scope;
  std::string label;
  double created_unix_s = 0;
  double expires_unix_s = 0;  // 0 = never
};

[[nodiscard]] absl::Status PutCredential(Queries& queries, const CredentialRow& credential);
[[nodiscard]] absl::StatusOr<std::vector<CredentialRow>> LoadCredentials(Queries& queries);
// Forgets what expired before `unix_s`.
[[nodiscard]] absl::Status DropExpiredCredentials(Queries& queries, double unix_s);

}  // namespace plasa::store
