// plasa-worker: see worker/daemon.h.
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include <string>
#include <utility>

#include "common/runtime/service_manager.h"
#include "worker/daemon.h"
#include "worker/options.h"

namespace {

// Before any thread begins: the daemon's loop takes these by signalfd; shims are reaped by the kernel.
void PrepareSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (int number : plasa::worker::Daemon::kSignals) sigaddset(&set, number);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

// As the table of exit codes in docs/cli.md.
int ExitCodeOf(const absl::Status& status) {
  if (absl::IsInvalidArgument(status)) return 2;
  if (absl::IsPermissionDenied(status)) return 4;
  return absl::IsFailedPrecondition(status) ? 5 : 1;
}

void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  plasa::worker::Options options;
  int exit_code = 0;
  plasa::ServiceManager manager = plasa::ServiceManager::FromEnvironment();
  if (!plasa::worker::ParseOptions(argc, argv, &options, &exit_code)) return exit_code;
  PrepareSignals();
  RaiseDescriptorLimit();
  auto daemon = plasa::worker::Daemon::Make(options, std::move(manager));
  if (!daemon.ok()) {
    fprintf(stderr, "plasa-worker: %s\n", std::string(daemon.status().message()).c_str());
    return ExitCodeOf(daemon.status());
  }
  signal(SIGCHLD, SIG_IGN);
  (*daemon)->Run();
  return 0;
}
