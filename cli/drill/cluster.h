// A coordinator and two workers of the drill's own, in a directory of its own, on ports of loopback that were free.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/remote/control_client.h"
#include "cli/up/daemon.h"

namespace plasa::cli {

// The programs that run.
struct Programs {
  std::filesystem::path directory;  // of plasa-coordinator and plasa-worker
  std::string trainer;              // plasa-trainer; empty: the one beside plasa-worker
};

// Ends nothing when it goes: EndChildren does, also what runs for the workers. Main thread only.
class Cluster {
 public:
  // Ends waiting early.
  using Stop = std::function<bool()>;

  Cluster(std::filesystem::path root, const Programs& programs, Stop stop);

  // Starts everything; returns when the coordinator answers.
  [[nodiscard]] absl::Status Start();
  // Ends the coordinator by this signal, starts it again, and waits until it answers.
  [[nodiscard]] absl::Status RestartCoordinator(int signal);
  // The same for a worker's daemon; does not wait for it. Its trainers run on.
  [[nodiscard]] absl::Status RestartDaemon(size_t worker, int signal);
  // The first daemon that ended without being asked to, with its last words.
  [[nodiscard]] absl::Status CheckDaemons();

  // Asks the coordinator as it serves now. Precondition: Start succeeded.
  [[nodiscard]] ControlClient& client() { return *client_; }
  [[nodiscard]] size_t workers() const { return workers_.size(); }
  // As the coordinator knows it; "" before the worker named itself.
  [[nodiscard]] std::string WorkerId(size_t worker) const;

  [[nodiscard]] ProcessIdentity Coordinator() const { return coordinator_->process(); }
  [[nodiscard]] ProcessIdentity WorkerDaemon(size_t worker) const { return workers_[worker]->process(); }
  // Those that live now.
  [[nodiscard]] std::vector<ProcessIdentity> Shims() const;
  [[nodiscard]] std::vector<ProcessIdentity> Trainers() const;
  // Those that wrote a checkpoint or go on from one.
  [[nodiscard]] std::vector<ProcessIdentity> TrainersWithCheckpoint() const;

 private:
  [[nodiscard]] DaemonSpec CoordinatorSpec() const;
  [[nodiscard]] DaemonSpec WorkerSpec(const std::string& name, const Programs& programs) const;
  absl::Status AwaitCoordinatorAnswer();
  template <class Wanted>
  [[nodiscard]] std::vector<ProcessIdentity> Living(const char* folder, Wanted wanted) const;
  [[nodiscard]] std::filesystem::path StateOf(size_t worker) const;

  const std::filesystem::path root_;
  const Programs programs_;
  const Stop stop_;
  std::unique_ptr<Daemon> coordinator_;
  std::vector<std::unique_ptr<Daemon>> workers_;
  std::unique_ptr<ControlClient> client_;
};

}  // namespace plasa::cli
