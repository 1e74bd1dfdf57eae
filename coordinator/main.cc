// plasa-coordinator: serves until SIGTERM or SIGINT.
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/runtime/log.h"
#include "common/runtime/service_manager.h"
#include "coordinator/options.h"
#include "coordinator/self_probe.h"
#include "coordinator/server.h"

namespace plasa {
namespace {

constexpr Log kLog("main");

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

// Feeds the watchdog of the service manager as long as all parts answer; null where nobody waits for that. When one
// does not, the manager starts this process again.
std::unique_ptr<ProbeThread> StartProbe(const ServiceManager& manager, const Server& server) {
  const auto period = manager.AlivePeriod();
  if (!period) return nullptr;
  return std::make_unique<ProbeThread>(
      SelfProbe(server.ProbedParts()), *period, [&manager](const std::vector<std::string>& silent) {
        if (silent.empty()) return manager.Alive();
        const std::string parts = absl::StrJoin(silent, "; ");
        kLog.Error("the self-probe failed; the watchdog is not fed", {{"parts", parts}});
        manager.Status(parts);
      });
}

int Main(int argc, char** argv) {
  CoordinatorOptions options;
  int exit_code = 0;
  const ServiceManager manager = ServiceManager::FromEnvironment();
  if (!ParseCoordinatorOptions(argc, argv, &options, &exit_code)) return exit_code;
  const sigset_t end_signals = BlockEndSignals();
  RaiseDescriptorLimit();
  const auto server = Server::Start(options);
  if (!server.ok()) {
    std::cerr << "plasa-coordinator: " << server.status().message() << "\n";
    return ExitCodeOf(server.status());
  }
  manager.Ready();
  const auto probe = StartProbe(manager, **server);
  int number = 0;
  sigwait(&end_signals, &number);
  manager.Stopping();
  return 0;
}

}  // namespace
}  // namespace plasa

int main(int argc, char** argv) { return plasa::Main(argc, argv); }
