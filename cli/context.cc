#include "cli/context.h"

#include "cli/remote/control_client.h"
#include "cli/remote/state_dir.h"

namespace plasa::cli {

Context::Context(const Globals& globals, Printer* printer) : globals_(globals), printer_(printer) {}

Context::~Context() = default;

std::filesystem::path Context::state_dir() const { return StateDirectory(globals_.coordinator.state); }

absl::StatusOr<ControlClient*> Context::Coordinator() {
  if (client_ == nullptr) {
    auto endpoint = FindEndpoint(globals_.coordinator);
    if (!endpoint.ok()) return endpoint.status();
    client_ = std::make_unique<ControlClient>(*std::move(endpoint), globals_.timeout_s);
  }
  return client_.get();
}

void Context::Reconnect() { client_.reset(); }

}  // namespace plasa::cli
