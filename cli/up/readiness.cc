#include "cli/up/readiness.h"

#include <poll.h>

#include <chrono>

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"
#include "cli/output/text.h"
#include "cli/remote/control_client.h"

namespace plasa::cli {
namespace {

constexpr double kCallSeconds = 5;
constexpr int kLookEveryMs = 50;

absl::StatusOr<ControlClient> Connect(const std::filesystem::path& state) {
  auto endpoint = EndpointOfState(state);
  if (!endpoint.ok()) return endpoint.status();
  return ControlClient(*std::move(endpoint), kCallSeconds);
}

// The daemon ended before it served: its own last words say why, and its exit code says what kind of reason it is.
absl::Status EndedEarly(const Daemon& daemon) {
  absl::StatusCode code = absl::StatusCode::kInternal;
  if (daemon.exit_code() == static_cast<int>(ExitCode::kUsage)) code = absl::StatusCode::kInvalidArgument;
  if (daemon.exit_code() == static_cast<int>(ExitCode::kNotAllowed)) code = absl::StatusCode::kPermissionDenied;
  if (daemon.exit_code() == static_cast<int>(ExitCode::kConflict)) code = absl::StatusCode::kFailedPrecondition;
  if (daemon.exit_code() == static_cast<int>(ExitCode::kUnavailable)) code = absl::StatusCode::kUnavailable;
  return Failure(code,
                 absl::StrCat("the ", daemon.name(), " did not start (", daemon.ending(), "):\n", daemon.LogTail()));
}

// Looks until `ready` holds. `ready` returns OK, or why not yet.
template <class Ready>
absl::Status Await(const Waiting& waiting, Ready ready) {
  const auto start = std::chrono::steady_clock::now();
  for (;;) {
    const absl::Status status = ready();
    if (status.ok()) return status;
    if (!waiting.daemon->Running()) return EndedEarly(*waiting.daemon);
    if (waiting.stop()) return absl::CancelledError("stopped before it was up");
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - start;
    if (waited.count() > waiting.limit_s) {
      return Failure(absl::StatusCode::kDeadlineExceeded,
                     absl::StrCat("the ", waiting.daemon->name(), " does not serve after ", Rounded(waiting.limit_s),
                                  " s: ", status.message()),
                     "its log is in the state directory under logs/");
    }
    poll(nullptr, 0, kLookEveryMs);
  }
}

std::string WorkerId(const std::filesystem::path& state) {
  const auto text = ReadFile(state / "worker" / "worker.json");
  const auto object = ParseObjectOrEmpty(text.ok() ? *text : "");
  const auto* id = object.if_contains("id");
  return id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string();
}

absl::Status WorkerIsOnline(ControlClient& client, const std::string& id) {
  const auto reply = client.ListWorkers(pb::ListWorkersRequest());
  if (!reply.ok()) return reply.status();
  for (const pb::WorkerView& worker : reply->workers()) {
    if (worker.id() == id && worker.state() != "gone" && worker.state() != "silent") return absl::OkStatus();
  }
  return absl::UnavailableError("it has not registered");
}

}  // namespace

absl::StatusOr<Endpoints> AwaitCoordinator(const std::filesystem::path& state, const Waiting& waiting) {
  Endpoints found;
  const absl::Status status = Await(waiting, [&]() -> absl::Status {
    const auto endpoints = ReadEndpoints(state);
    if (!endpoints.ok()) return endpoints.status();
    if (endpoints->pid != waiting.daemon->pid()) return absl::UnavailableError("endpoints.json is of an older process");
    auto client = Connect(state);
    if (!client.ok()) return client.status();
    found = *endpoints;
    return client->GetInfo().status();
  });
  if (!status.ok()) return status;
  return found;
}

absl::Status AwaitWorker(const std::filesystem::path& state, const Waiting& waiting) {
  auto client = Connect(state);
  if (!client.ok()) return client.status();
  return Await(waiting, [&]() -> absl::Status {
    const std::string id = WorkerId(state);
    return id.empty() ? absl::UnavailableError("it has not named itself") : WorkerIsOnline(*client, id);
  });
}

absl::StatusOr<std::string> DashboardLink(const std::filesystem::path& state) {
  auto client = Connect(state);
  if (!client.ok()) return client.status();
  const auto reply = client->CreateDashboardLink();
  if (!reply.ok()) return reply.status();
  return reply->url();
}

}  // namespace plasa::cli
