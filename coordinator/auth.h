// Who may do what: bearer tokens, one-time dashboard links, cookie sessions.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/runtime/clock.h"

namespace plasa {

// What a token allows. read < submit < admin; worker opens the fleet calls only; metrics opens /metrics only.
enum class Scope { kRead, kSubmit, kAdmin, kWorker, kMetrics };

[[nodiscard]] absl::string_view ScopeWord(Scope scope);
[[nodiscard]] std::optional<Scope> ParseScope(absl::string_view word);
// Whether a holder of `held` may do what `needed` names. Admin may do everything but work as a worker.
[[nodiscard]] bool Allows(Scope held, Scope needed);

// A secret as it is stored: its SHA-256, never its text.
struct Credential {
  std::string sha256;  // hexadecimal
  Scope scope = Scope::kRead;
  std::string label;
  double created_unix_s = 0;
  double expires_unix_s = 0;  // 0 = never
};

// Keeps the hashes of all live secrets in memory; new ones are handed to `persist`, which answers when they are
// durable. Secrets are 256 random bits in base 64 (URL alphabet). Hashes are compared in constant time. Thread-safe.
class Auth {
 public:
  using Persist = std::function<void(const Credential&, std::function<void(absl::Status)>)>;

  Auth(const Clock& clock, std::vector<Credential> known, Persist persist);

  // The scope of a bearer token or session secret. UNAUTHENTICATED when it is unknown or expired.
  [[nodiscard]] absl::StatusOr<Scope> Identify(absl::string_view secret) const;
  // OK when the secret is known and its scope allows `needed`, else UNAUTHENTICATED or PERMISSION_DENIED.
  [[nodiscard]] absl::Status Check(absl::string_view secret, Scope needed) const;

  using OnSecret = std::function<void(absl::StatusOr<std::string>)>;
  // A new bearer token; answered when durable. The same request id (not empty) with the same scope and label gets the
  // same token, with others ABORTED, for as long as this process lives.
  void CreateToken(const std::string& request_id, Scope scope, const std::string& label, OnSecret done);

  // A secret for /login?link=...: works once, within a day, until the process ends. At most 256 are open; the oldest
  // goes first.
  [[nodiscard]] std::string CreateLink(Scope scope);
  // Uses a link up and answers with the secret of a session that lasts 30 days and outlives restarts.
  // UNAUTHENTICATED when the link is unknown, used or too old.
  void Login(absl::string_view link, OnSecret done);

  // Makes a known secret without asking `persist`: for the files written at the first start.
  [[nodiscard]] static std::string NewSecret();
  [[nodiscard]] static std::string HashOf(absl::string_view secret);

 private:
  struct Link {
    std::string sha256;
    Scope scope;
    double expires_unix_s;
  };
  struct Issued {
    std::string scope_and_label;
    std::string secret;
  };

  void Issue(Credential credential, const std::string& secret, OnSecret done);
  [[nodiscard]] std::optional<Scope> TakeLink(absl::string_view link);

  const Clock& clock_;
  const Persist persist_;

  mutable std::mutex mutex_;  // guards what follows
  std::vector<Credential> credentials_;
  std::vector<Link> links_;
  std::map<std::string, Issued> issued_;  // by request id
};

}  // namespace plasa
