// Which coordinator to ask, and with which token.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace plasa::cli {

// How the user named the coordinator; empty members mean "not given".
struct CoordinatorFlags {
  std::string state;        // --state
  std::string coordinator;  // --coordinator, else PLASA_COORDINATOR
  std::string token_file;   // --token-file, else PLASA_TOKEN_FILE
};

// A coordinator to talk to.
struct Endpoint {
  std::string address;  // HOST:PORT of gRPC
  std::string token;
  std::string origin;  // for messages: where the address came from
};

// The coordinator that serves from `state`, whatever the environment says. UNAVAILABLE where none runs,
// PERMISSION_DENIED without a token.
[[nodiscard]] absl::StatusOr<Endpoint> EndpointOfState(const std::filesystem::path& state);

// Finds the address and the token. UNAVAILABLE without a coordinator, PERMISSION_DENIED without a token.
[[nodiscard]] absl::StatusOr<Endpoint> FindEndpoint(const CoordinatorFlags& flags);

}  // namespace plasa::cli
