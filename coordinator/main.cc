// plasa-coordinator: serves until SIGTERM or SIGINT.
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <iostream>

#include "coordinator/options.h"
#include "coordinator/server.h"

namespace plasa {
namespace {

// Every thread inherits the block, so that the signals wait for sigwait.
sigset_t BlockEndSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT}) sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return set;
}

// Connections are descriptors: ask for as many as the system grants.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// As plasactl's table of exit codes (docs/cli.md).
int ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 0;
    case absl::StatusCode::kInvalidArgument:
      return 2;
    case absl::StatusCode::kPermissionDenied:
      return 4;
    case absl::StatusCode::kFailedPrecondition:
      return 5;
    case absl::StatusCode::kUnavailable:
      return 6;
    default:
      return 1;
  }
}

int Main(int argc, char** argv) {
  CoordinatorOptions options;
  int exit_code = 0;
  if (!ParseCoordinatorOptions(argc, argv, &options, &exit_code)) return exit_code;
  const sigset_t end_signals = BlockEndSignals();
  RaiseDescriptorLimit();
  const auto server = Server::Start(options);
  if (!server.ok()) {
    std::cerr << "plasa-coordinator: " << server.status().message() << "\n";
    return ExitCodeOf(server.status());
  }
  int number = 0;
  sigwait(&end_signals, &number);
  return 0;
}

}  // namespace
}  // namespace plasa

int main(int argc, char** argv) { return plasa::Main(argc, argv); }
