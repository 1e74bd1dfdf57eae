#include "coordinator/token_files.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/runtime/durable_file.h"

namespace plasa {
namespace {

bool IsKnown(const std::vector<Credential>& credentials, const std::string& secret, Scope scope) {
  const std::string hash = Auth::HashOf(secret);
  return std::any_of(credentials.begin(), credentials.end(),
                     [&](const Credential& known) { return known.sha256 == hash && known.scope == scope; });
}

absl::StatusOr<std::vector<Credential>> Load(store::Queries& queries, double now) {
  if (absl::Status dropped = store::DropExpiredCredentials(queries, now); !dropped.ok()) return dropped;
  const auto rows = store::LoadCredentials(queries);
  if (!rows.ok()) return rows.status();
  std::vector<Credential> credentials;
  for (const store::CredentialRow& row : *rows) {
    const std::optional<Scope> scope = ParseScope(row.scope);
    if (scope) credentials.push_back({row.sha256, *scope, row.label, row.created_unix_s, row.expires_unix_s});
  }
  return credentials;
}

absl::Status EnsureFile(store::Queries& queries, const std::string& dir, Scope scope, double now,
                        std::vector<Credential>* credentials) {
  const std::string path = dir + "/" + std::string(ScopeWord(scope));
  const absl::StatusOr<std::string> text = ReadWholeFile(path);
  if (text.ok() && IsKnown(*credentials, std::string(absl::StripAsciiWhitespace(*text)), scope))
    return absl::OkStatus();
  const std::string secret = Auth::NewSecret();
  const Credential credential{Auth::HashOf(secret), scope, "file in the state directory", now, 0};
  if (absl::Status put = store::PutCredential(queries, RowOf(credential)); !put.ok()) return put;
  credentials->push_back(credential);
  return WriteFileDurably(path, secret + "\n", 0600);
}

}  // namespace

store::CredentialRow RowOf(const Credential& credential) {
  return {credential.sha256, std::string(ScopeWord(credential.scope)), credential.label, credential.created_unix_s,
          credential.expires_unix_s};
}

absl::StatusOr<std::vector<Credential>> OpenCredentials(store::Queries& queries, const std::string& state_dir,
                                                        const Clock& clock) {
  const std::string dir = state_dir + "/tokens";
  if (absl::Status made = MakeDirectories(dir, 0700); !made.ok()) return made;
  absl::StatusOr<std::vector<Credential>> credentials = Load(queries, clock.UnixSeconds());
  if (!credentials.ok()) return credentials;
  for (const Scope scope : {Scope::kAdmin, Scope::kWorker, Scope::kMetrics}) {
    if (absl::Status made = EnsureFile(queries, dir, scope, clock.UnixSeconds(), &*credentials); !made.ok())
      return made;
  }
  return credentials;
}

}  // namespace plasa
