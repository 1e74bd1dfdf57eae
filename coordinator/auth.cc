#include "coordinator/auth.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/runtime/random_bytes.h"

namespace plasa {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr double kLinkSeconds = 24 * 3600;
constexpr double kSessionSeconds = 30 * 24 * 3600;
constexpr size_t kMaxLinks = 256;
constexpr size_t kMaxIssued = 1024;

struct ScopeName {
  Scope scope;
  absl::string_view word;
};
constexpr std::array<ScopeName, 5> kScopes = {{{Scope::kRead, "read"},
                                               {Scope::kSubmit, "submit"},
                                               {Scope::kAdmin, "admin"},
                                               {Scope::kWorker, "worker"},
                                               {Scope::kMetrics, "metrics"}}};

// Takes the same time wherever the first difference is.
bool EqualInConstantTime(absl::string_view a, absl::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace

absl::string_view ScopeWord(Scope scope) {
  for (const ScopeName& name : kScopes) {
    if (name.scope == scope) return name.word;
  }
  return "";
}

std::optional<Scope> ParseScope(absl::string_view word) {
  for (const ScopeName& name : kScopes) {
    if (name.word == word) return name.scope;
  }
  return std::nullopt;
}

bool Allows(Scope held, Scope needed) {
  switch (needed) {
    case Scope::kRead:
    case Scope::kSubmit:
    case Scope::kAdmin:
      return held <= Scope::kAdmin && held >= needed;
    case Scope::kWorker:
      return held == Scope::kWorker;
    case Scope::kMetrics:
      return held == Scope::kMetrics || held <= Scope::kAdmin;
  }
  return false;
}

Auth::Auth(const Clock& clock, std::vector<Credential> known, Persist persist)
    : clock_(clock), persist_(std::move(persist)), credentials_(std::move(known)) {}

std::string Auth::NewSecret() { return absl::WebSafeBase64Escape(RandomBytes(kSecretBytes)); }

std::string Auth::HashOf(absl::string_view secret) { return Sha256Hex(std::string_view(secret.data(), secret.size())); }

absl::StatusOr<Scope> Auth::Identify(absl::string_view secret) const {
  const std::string hash = HashOf(secret);
  const double now = clock_.UnixSeconds();
  std::optional<Scope> scope;
  const std::lock_guard lock(mutex_);
  for (const Credential& credential : credentials_) {
    const bool live = credential.expires_unix_s == 0 || credential.expires_unix_s > now;
    if (EqualInConstantTime(credential.sha256, hash) && live) scope = credential.scope;
  }
  if (scope) return *scope;
  return absl::UnauthenticatedError(secret.empty() ? "a token is missing" : "the token is unknown or no longer valid");
}

absl::Status Auth::Check(absl::string_view secret, Scope needed) const {
  const absl::StatusOr<Scope> held = Identify(secret);
  if (!held.ok()) return held.status();
  if (Allows(*held, needed)) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("this needs a token of scope ", ScopeWord(needed), "; the one given has scope ", ScopeWord(*held)));
}

void Auth::CreateToken(const std::string& request_id, Scope scope, const std::string& label, OnSecret done) {
  const std::string what = absl::StrCat(ScopeWord(scope), " ", label);
  const std::string secret = NewSecret();
  if (!request_id.empty()) {
    std::unique_lock lock(mutex_);
    const auto known = issued_.find(request_id);
    if (known != issued_.end()) {
      const Issued issued = known->second;
      lock.unlock();
      if (issued.scope_and_label == what) return done(issued.secret);
      return done(absl::AbortedError("this request id was used for another token"));
    }
  }
  Issue({HashOf(secret), scope, label, clock_.UnixSeconds(), 0}, secret,
        [this, request_id, what, done = std::move(done)](absl::StatusOr<std::string> made) {
          if (made.ok() && !request_id.empty()) {
            const std::lock_guard lock(mutex_);
            if (issued_.size() >= kMaxIssued) issued_.clear();
            issued_[request_id] = {what, *made};
          }
          done(std::move(made));
        });
}

std::string Auth::CreateLink(Scope scope) {
  const std::string secret = NewSecret();
  const std::lock_guard lock(mutex_);
  if (links_.size() >= kMaxLinks) links_.erase(links_.begin());
  links_.push_back({HashOf(secret), scope, clock_.UnixSeconds() + kLinkSeconds});
  return secret;
}

std::optional<Scope> Auth::TakeLink(absl::string_view link) {
  const std::string hash = HashOf(link);
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(links_.begin(), links_.end(),
                                  [&](const Link& open) { return EqualInConstantTime(open.sha256, hash); });
  if (found == links_.end()) return std::nullopt;
  const Link taken = *found;
  links_.erase(found);
  if (taken.expires_unix_s <= clock_.UnixSeconds()) return std::nullopt;
  return taken.scope;
}

void Auth::Login(absl::string_view link, OnSecret done) {
  const std::optional<Scope> scope = TakeLink(link);
  if (!scope) {
    return done(absl::UnauthenticatedError(
        "this link was used already or is too old; `plasactl dashboard` prints a fresh one"));
  }
  const double now = clock_.UnixSeconds();
  const std::string secret = NewSecret();
  Issue({HashOf(secret), *scope, "dashboard session", now, now + kSessionSeconds}, secret, std::move(done));
}

void Auth::Issue(Credential credential, const std::string& secret, OnSecret done) {
  persist_(credential, [this, credential, secret, done = std::move(done)](absl::Status durable) {
    if (!durable.ok()) return done(std::move(durable));
    {
      const std::lock_guard lock(mutex_);
      credentials_.push_back(credential);
    }
    done(secret);
  });
}

}  // namespace plasa
