// When a coordinator and a worker serve.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/remote/state_dir.h"
#include "cli/up/daemon.h"

namespace plasa::cli {

// What `up` prints once everything serves.
struct Service {
  Endpoints endpoints;
  std::string dashboard;  // one-time link
};

// Waits for a condition; gives up when `daemon` ends, `stop` says so, or `limit_s` is over.
struct Waiting {
  Daemon* daemon;
  std::function<bool()> stop;
  double limit_s;
};

// Until the coordinator of `state` answers as the process `waiting.daemon`.
[[nodiscard]] absl::StatusOr<Endpoints> AwaitCoordinator(const std::filesystem::path& state, const Waiting& waiting);

// Until the worker whose state is below `state` is known to the coordinator.
[[nodiscard]] absl::Status AwaitWorker(const std::filesystem::path& state, const Waiting& waiting);

// A fresh one-time dashboard link.
[[nodiscard]] absl::StatusOr<std::string> DashboardLink(const std::filesystem::path& state);

}  // namespace plasa::cli
