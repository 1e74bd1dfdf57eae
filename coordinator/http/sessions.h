// Who asks: the holder of a bearer token, or of the session that a browser's cookie names.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "coordinator/auth.h"
#include "coordinator/http/message.h"

namespace plasa::http {

// Lives on the HTTP thread.
class Sessions {
 public:
  // `auth` must outlive it. Cookies do not know ports, so the cookie's name carries the cluster: two coordinators on
  // one machine do not log each other's users out.
  Sessions(Auth& auth, const std::string& cluster_uuid);

  // OK, UNAUTHENTICATED or PERMISSION_DENIED. A request with an Authorization header is judged by that alone: what lets
  // it pass without an Origin must not be what a browser's cookie pays for.
  [[nodiscard]] absl::Status Check(const Request& request, Scope needed) const;

  // /login?link=…: the cookie and the way to the first page. A link that does not work is forgiven to a browser that is
  // logged in, and else shows the page that says how to get a fresh one, with status 401.
  void Login(const Request& request, Done done);

 private:
  [[nodiscard]] std::string SecretOf(const Request& request) const;

  Auth& auth_;
  const std::string cookie_;
};

}  // namespace plasa::http
