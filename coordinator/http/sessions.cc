#include "coordinator/http/sessions.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/http/assets.h"
#include "coordinator/http/json_reply.h"

namespace plasa::http {
namespace {

constexpr int kSessionSeconds = 30 * 24 * 3600;  // as long as Auth keeps it

Reply ToFirstPage() {
  Reply reply;
  reply.status = 303;
  reply.content_type = "text/plain; charset=utf-8";
  reply.headers = {{"Location", "/"}};
  return reply;
}

// The dashboard, which sees that nobody is logged in and says what to do.
Reply LoginPage(const Request& request) {
  Request page;
  page.accepts_gzip = request.accepts_gzip;
  Reply reply = AssetReply(page);
  reply.status = 401;
  return reply;
}

}  // namespace

Sessions::Sessions(Auth& auth, const std::string& cluster_uuid)
    : auth_(auth), cookie_(absl::StrCat("plasa_", cluster_uuid.substr(0, 8))) {}

std::string Sessions::SecretOf(const Request& request) const {
  if (request.authorization.empty()) return CookieValue(request.cookie, cookie_);
  const absl::string_view scheme = "Bearer ";
  return absl::StartsWithIgnoreCase(request.authorization, scheme) ? request.authorization.substr(scheme.size()) : "";
}

absl::Status Sessions::Check(const Request& request, Scope needed) const {
  return auth_.Check(SecretOf(request), needed);
}

void Sessions::Login(const Request& request, Done done) {
  if (request.head) return done(ErrorReply(405, "METHOD_NOT_ALLOWED", "A link is used up by GET only."));
  Reply otherwise = Check(request, Scope::kRead).ok() ? ToFirstPage() : LoginPage(request);
  // The answer may come when this server is gone: it takes with it what it needs.
  auto answer = [cookie = cookie_, otherwise = std::move(otherwise),
                 done = std::move(done)](absl::StatusOr<std::string> secret) {
    if (absl::IsUnauthenticated(secret.status())) return done(otherwise);
    if (!secret.ok()) return done(StatusReply(secret.status()));
    Reply reply = ToFirstPage();
    const std::string attributes = absl::StrCat("; Path=/; Max-Age=", kSessionSeconds, "; HttpOnly; SameSite=Strict");
    reply.headers.emplace_back("Set-Cookie", absl::StrCat(cookie, "=", *secret, attributes));
    done(std::move(reply));
  };
  auth_.Login(request.Query("link"), std::move(answer));
}

}  // namespace plasa::http
