// The value of --listen.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace plasa {

// Where a coordinator listens. Port 0 asks the system for any free port.
struct ListenAddress {
  std::string host = "127.0.0.1";
  int http_port = 7311;
  int grpc_port = 7312;

  // Whether only this machine can reach the host.
  [[nodiscard]] bool IsLoopback() const;
};

// HOST[:HTTP[:GRPC]]; an IPv6 host stands in brackets. INVALID_ARGUMENT says what is wrong with the text.
[[nodiscard]] absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

// "HOST:PORT", with brackets around an IPv6 host.
[[nodiscard]] std::string HostPort(absl::string_view host, int port);

}  // namespace plasa
