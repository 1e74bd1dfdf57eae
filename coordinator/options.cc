#include "coordinator/options.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "common/runtime/state_dir.h"

namespace plasa {
namespace {

constexpr int kUsageError = 2;

}  // namespace

bool ParseCoordinatorOptions(int argc, char** argv, CoordinatorOptions* options, int* exit_code) {
  CLI::App app("plasa-coordinator: queues sweeps, leases their trials to workers, keeps and shows the results");
  std::string state, listen;
  app.set_version_flag("--version", PLASA_VERSION);
  app.add_option("--state", state,
                 "State directory; made when missing (default: $PLASA_STATE, else the XDG data home)");
  app.add_option("--listen", listen, "HOST[:HTTP_PORT[:GRPC_PORT]]; port 0 = any (default: 127.0.0.1:7311:7312)");
  app.add_flag("--insecure-network", options->insecure_network,
               "Allow a --listen address that other machines reach, without TLS");
  app.add_option("--allow-host", options->allowed_hosts,
                 "A name besides the address by which browsers may call the dashboard; repeatable");
  app.add_option(
      "--artifact-root", options->artifact_root,
      "Directory for artifacts that workers may share (NFS and the like); what is stored so far is moved there");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    *exit_code = app.exit(error) == 0 ? 0 : kUsageError;
    return false;
  }
  options->state_dir = StateDirectory(state);
  const absl::StatusOr<ListenAddress> address = listen.empty() ? ListenAddress() : ParseListenAddress(listen);
  if (!address.ok()) {
    std::cerr << "plasa-coordinator: " << address.status().message() << "\n";
    *exit_code = kUsageError;
    return false;
  }
  options->listen = *address;
  return true;
}

}  // namespace plasa
