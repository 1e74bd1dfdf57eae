// Where an HTTP server is.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace plasa::cli {

struct HttpUrl {
  std::string host;    // an IPv6 address without brackets
  std::string port;    // digits
  std::string prefix;  // "" or "/path", no slash at the end

  // "HOST:PORT" as a Host header has it.
  [[nodiscard]] std::string Authority() const;
  // "http://HOST:PORT/prefix"
  [[nodiscard]] std::string Text() const;
};

// `http://HOST[:PORT][/prefix]`; anything else is INVALID_ARGUMENT and says what to write instead.
[[nodiscard]] absl::StatusOr<HttpUrl> ParseHttpUrl(const std::string& text);

}  // namespace plasa::cli
