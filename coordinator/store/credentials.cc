#include "coordinator/store/credentials.h"

namespace plasa::store {

absl::Status PutCredential(Queries& queries, const CredentialRow& credential) {
  return queries.Run("INSERT OR REPLACE INTO tokens (sha256, scope, label, created, expires) VALUES (?, ?, ?, ?, ?)",
                     {absl::string_view(credential.sha256), absl::string_view(credential.scope),
                      absl::string_view(credential.label), credential.created_unix_s, credential.expires_unix_s});
}

absl::StatusOr<std::vector<CredentialRow>> LoadCredentials(Queries& queries) {
  std::vector<CredentialRow> rows;
  absl::Status read =
      queries.Each("SELECT sha256, scope, label, created, expires FROM tokens", {}, [&](const Statement& row) {
        rows.push_back({row.Text(0), row.Text(1), row.Text(2), row.Double(3), row.Double(4)});
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return rows;
}

absl::Status DropExpiredCredentials(Queries& queries, double unix_s) {
  return queries.Run("DELETE FROM tokens WHERE expires > 0 AND expires < ?", {unix_s});
}

}  // namespace plasa::store
