#include "worker/options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>

namespace plasa::worker {
namespace {

constexpr int kUsageError = 2;

std::string DefaultState() {
  if (const char* state = std::getenv("PLASA_STATE")) return state;
  if (const char* data = std::getenv("XDG_DATA_HOME")) return std::string(data) + "/plasa";
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : ".") + "/.local/share/plasa";
}

// `name` in the directory of the running program, or empty.
std::string Beside(const char* name) {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / name;
  return !error && access(path.c_str(), X_OK) == 0 ? path.string() : "";
}

std::string HostName() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "worker";
}

void Declare(CLI::App& app, Options& o) {
  app.set_version_flag("--version", PLASA_VERSION);
  app.add_option("--state", o.state, "State directory, shared with a coordinator on this machine or this worker's own")
      ->default_str("$PLASA_STATE");
  app.add_option("--coordinator", o.coordinator, "HOST:PORT of the coordinator's gRPC (default: STATE/endpoints.json)");
  app.add_option("--token-file", o.token_file, "File with a worker token (default: STATE/tokens/worker)");
  app.add_option("--name", o.name, "Name shown to people (default: the host's)");
  app.add_option("--slots", o.slots, "Attempts at a time (default: one a GPU, else one a core)")
      ->check(CLI::Range(0, 1024));
  app.add_option("--trainer", o.trainers, "NAME=PATH of a program that sweeps may name; can be repeated");
  app.add_option("--artifact-root", o.artifact_root,
                 "The coordinator's --artifact-root as this machine sees it: files go there straight");
  app.add_option("--trainer-binary", o.trainer_binary, "plasa-trainer (default: beside this program)");
  app.add_option("--shim", o.shim, "plasa-shim (default: beside this program)");
  app.add_flag("--leave-trainers", o.leave_trainers,
               "On SIGTERM or SIGINT leave at once; trainers run on (SIGHUP always does)");
}

}  // namespace

bool ParseOptions(int argc, char** argv, Options* options, int* exit_code) {
  CLI::App app("plasa-worker: executes the trials that a plasa coordinator leases to it");
  Declare(app, *options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    *exit_code = app.exit(error) == 0 ? 0 : kUsageError;
    return false;
  }
  if (options->state.empty()) options->state = DefaultState();
  if (options->name.empty()) options->name = HostName();
  if (options->trainer_binary.empty()) options->trainer_binary = Beside("plasa-trainer");
  if (options->shim.empty()) options->shim = Beside("plasa-shim");
  return true;
}

}  // namespace plasa::worker
