// DIR/endpoints.json: where the coordinator of a state directory can be reached.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/runtime/listen_address.h"

namespace plasa {

// `asked` with the ports it served on before in place of "any port", where those are free: clients and workers that
// know the old address find it again.
[[nodiscard]] ListenAddress WithRecordedPorts(const ListenAddress& asked, const std::string& state_dir);

// "http://HOST:PORT" for people; the loopback address where HOST stands for every address.
[[nodiscard]] std::string HttpUrl(const std::string& host, int port);

// Writes {"http","grpc","pid"} durably.
[[nodiscard]] absl::Status WriteEndpoints(const std::string& state_dir, const std::string& host, int http_port,
                                          int grpc_port);

}  // namespace plasa
