#include "cli/remote/endpoint.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"
#include "cli/remote/state_dir.h"

namespace plasa::cli {
namespace {

std::string FlagOrEnvironment(const std::string& flag, const char* variable) {
  const char* value = std::getenv(variable);
  return flag.empty() && value != nullptr ? std::string(value) : flag;
}

// Address and origin of a coordinator that lives.
absl::StatusOr<Endpoint> AddressOfState(const std::filesystem::path& state) {
  const auto found = ReadEndpoints(state);
  if (!found.ok()) return found.status();
  if (ProcessLives(found->pid)) return Endpoint{found->grpc, {}, (state / "endpoints.json").string()};
  return Failure(absl::StatusCode::kUnavailable, absl::StrCat("the coordinator of ", state.string(), " is not running"),
                 "start it again with `plasactl up --state " + state.string() + "`; nothing it acknowledged is lost");
}

absl::StatusOr<Endpoint> WithToken(Endpoint endpoint, const std::filesystem::path& file) {
  auto token = ReadTokenFile(file);
  if (!token.ok()) return token.status();
  endpoint.token = *std::move(token);
  return endpoint;
}

}  // namespace

absl::StatusOr<Endpoint> EndpointOfState(const std::filesystem::path& state) {
  auto endpoint = AddressOfState(state);
  return endpoint.ok() ? WithToken(*std::move(endpoint), state / "tokens" / "admin") : endpoint;
}

absl::StatusOr<Endpoint> FindEndpoint(const CoordinatorFlags& flags) {
  Endpoint endpoint{FlagOrEnvironment(flags.coordinator, "PLASA_COORDINATOR"), {}, "--coordinator"};
  const std::string token_file = FlagOrEnvironment(flags.token_file, "PLASA_TOKEN_FILE");
  const auto state = StateDirectory(flags.state);
  if (endpoint.address.empty()) {
    auto found = AddressOfState(state);
    if (!found.ok()) return found.status();
    endpoint = *std::move(found);
  } else if (token_file.empty()) {
    return Failure(absl::StatusCode::kPermissionDenied, "--coordinator needs a token",
                   "name its file with --token-file (the coordinator keeps one in DIR/tokens/admin)");
  }
  return WithToken(std::move(endpoint),
                   token_file.empty() ? state / "tokens" / "admin" : std::filesystem::path(token_file));
}

}  // namespace plasa::cli
