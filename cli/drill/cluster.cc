#include "cli/drill/cluster.h"

#include <poll.h>
#include <signal.h>

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"
#include "cli/remote/endpoint.h"
#include "cli/up/readiness.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kReadySeconds = 60;
constexpr double kCallSeconds = 10;
constexpr std::array kWorkers = {"one", "two"};

// Waits until a daemon that was signalled has ended; forcibly, where a polite signal does not do.
void AwaitEnd(Daemon* daemon) {
  constexpr int kPatienceMs = 30'000;
  pollfd ended{daemon->pidfd(), POLLIN, 0};
  if (poll(&ended, 1, kPatienceMs) == 0) daemon->Signal(SIGKILL);
  while (daemon->Running()) poll(&ended, 1, kPatienceMs);
}

// The process that a shim.json names, while it lives.
std::optional<ProcessIdentity> ReadIdentity(const fs::path& file) {
  const auto text = ReadFile(file);
  const auto object = ParseObjectOrEmpty(text.ok() ? *text : "");
  const auto* pid = object.if_contains("pid");
  const auto* start_time = object.if_contains("start_time");
  if (pid == nullptr || !pid->is_int64() || start_time == nullptr || !start_time->is_int64()) return std::nullopt;
  const ProcessIdentity process{static_cast<int>(pid->get_int64()), static_cast<uint64_t>(start_time->get_int64())};
  return IdentifyProcess(process.pid) == process ? std::optional(process) : std::nullopt;
}

bool HasCheckpoint(const fs::path& attempt) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(attempt / "checkpoints", error)) {
    if (fs::exists(entry.path() / "MANIFEST", error)) return true;
  }
  return false;
}

bool Any(const fs::path&) { return true; }

}  // namespace

Cluster::Cluster(fs::path root, const Programs& programs, Stop stop)
    : root_(std::move(root)), programs_(programs), stop_(std::move(stop)) {
  coordinator_ = std::make_unique<Daemon>(CoordinatorSpec());
  for (const char* name : kWorkers) workers_.push_back(std::make_unique<Daemon>(WorkerSpec(name, programs_)));
}

DaemonSpec Cluster::CoordinatorSpec() const {
  const fs::path state = root_ / "coordinator";
  return {
      "coordinator",
      {(programs_.directory / "plasa-coordinator").string(), "--state", state.string(), "--listen", "127.0.0.1:0:0"},
      root_ / "logs" / "coordinator.log",
      root_ / "run" / "coordinator.pid"};
}

DaemonSpec Cluster::WorkerSpec(const std::string& name, const Programs& programs) const {
  const fs::path token = root_ / "coordinator" / "tokens" / "worker";
  std::vector<std::string> arguments{(programs.directory / "plasa-worker").string(),
                                     "--state",
                                     (root_ / name).string(),
                                     "--name",
                                     name,
                                     "--token-file",
                                     token.string(),
                                     "--slots",
                                     "1"};
  if (!programs.trainer.empty()) arguments.insert(arguments.end(), {"--trainer-binary", programs.trainer});
  return {"worker " + name, std::move(arguments), root_ / "logs" / (name + ".log"), root_ / "run" / (name + ".pid")};
}

fs::path Cluster::StateOf(size_t worker) const { return root_ / kWorkers[worker]; }

absl::Status Cluster::Start() {
  std::error_code error;
  fs::create_directories(root_ / "run", error);
  if (absl::Status status = coordinator_->Start(); !status.ok()) return status;
  if (absl::Status status = AwaitCoordinatorAnswer(); !status.ok()) return status;
  for (size_t i = 0; i < workers_.size(); ++i) {
    // A worker looks there for the address each time, so that it follows a coordinator that had to take another port.
    fs::create_directories(StateOf(i), error);
    fs::create_symlink(root_ / "coordinator" / "endpoints.json", StateOf(i) / "endpoints.json", error);
    if (error)
      return absl::PermissionDeniedError(absl::StrCat("cannot write ", StateOf(i).string(), ": ", error.message()));
    if (absl::Status status = workers_[i]->Start(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Cluster::AwaitCoordinatorAnswer() {
  const fs::path state = root_ / "coordinator";
  const auto serving = AwaitCoordinator(state, {coordinator_.get(), stop_, kReadySeconds});
  if (!serving.ok()) return serving.status();
  auto endpoint = EndpointOfState(state);
  if (!endpoint.ok()) return endpoint.status();
  client_ = std::make_unique<ControlClient>(*std::move(endpoint), kCallSeconds);
  return absl::OkStatus();
}

absl::Status Cluster::RestartCoordinator(int signal) {
  coordinator_->Signal(signal);
  AwaitEnd(coordinator_.get());
  if (absl::Status status = coordinator_->Start(); !status.ok()) return status;
  return AwaitCoordinatorAnswer();
}

absl::Status Cluster::RestartDaemon(size_t worker, int signal) {
  workers_[worker]->Signal(signal);
  AwaitEnd(workers_[worker].get());
  return workers_[worker]->Start();
}

absl::Status Cluster::CheckDaemons() {
  std::vector<Daemon*> daemons{coordinator_.get()};
  for (const auto& worker : workers_) daemons.push_back(worker.get());
  for (Daemon* daemon : daemons) {
    if (daemon->Running()) continue;
    return absl::InternalError(
        absl::StrCat("the ", daemon->name(), " ended by itself (", daemon->ending(), "):\n", daemon->LogTail()));
  }
  return absl::OkStatus();
}

std::string Cluster::WorkerId(size_t worker) const {
  const auto text = ReadFile(StateOf(worker) / "worker" / "worker.json");
  const auto object = ParseObjectOrEmpty(text.ok() ? *text : "");
  const auto* id = object.if_contains("id");
  return id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string();
}

// What the shim.json in the wanted directories of `folder` name.
template <class Wanted>
std::vector<ProcessIdentity> Cluster::Living(const char* folder, Wanted wanted) const {
  std::vector<ProcessIdentity> living;
  std::error_code error;
  for (size_t i = 0; i < workers_.size(); ++i) {
    for (const auto& entry : fs::directory_iterator(StateOf(i) / "worker" / folder, error)) {
      if (fs::exists(entry.path() / "exit.json", error) || !wanted(entry.path())) continue;
      if (const auto process = ReadIdentity(entry.path() / "shim.json")) living.push_back(*process);
    }
  }
  return living;
}

std::vector<ProcessIdentity> Cluster::Shims() const { return Living("slots", Any); }

std::vector<ProcessIdentity> Cluster::Trainers() const { return Living("attempts", Any); }

std::vector<ProcessIdentity> Cluster::TrainersWithCheckpoint() const { return Living("attempts", HasCheckpoint); }

}  // namespace plasa::cli
