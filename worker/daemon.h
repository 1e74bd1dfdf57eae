// plasa-worker put together: started in order, stopped in reverse.
#pragma once

#include <array>
#include <chrono>
#include <csignal>
#include <memory>

#include "absl/status/statusor.h"
#include "common/runtime/service_manager.h"
#include "worker/grpc_fleet.h"
#include "worker/linux_machine.h"
#include "worker/loop.h"
#include "worker/options.h"
#include "worker/roster.h"
#include "worker/session.h"
#include "worker/state_dir.h"
#include "worker/transfer.h"

namespace plasa::worker {

// One a process. Run owns the calling thread, which becomes the loop's.
class Daemon {
 public:
  // Opens the state directory and looks at the machine. The error says what to mend.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Daemon>> Make(const Options& options, ServiceManager manager);
  ~Daemon();

  // The signals that Run takes by signalfd: main blocks them before any thread begins.
  static constexpr std::array<int, 5> kSignals = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2};

  // Until a signal. SIGTERM, SIGINT: trainers checkpoint and leave, are reported, and the coordinator is told goodbye,
  // all within 30 s; a second one, or SIGHUP, leaves at once and the trainers run on. SIGUSR1, SIGUSR2 are the notice
  // that this machine will be taken away (Slurm, spot instances): the same as the first SIGTERM, whatever comes after.
  void Run();

 private:
  Daemon(const Options& options, ServiceManager manager, StateDir state, Roster::Setup setup);
  void WatchSignals();
  void OnSignal(int number);
  void Drain();
  void StopWhenDrained();
  void Leave();
  void ShowLife(std::chrono::milliseconds period);

  const Options options_;
  const ServiceManager manager_;
  StateDir state_;
  Loop loop_;
  LinuxMachine machine_;
  GrpcFleet fleet_;
  TransferThread transfer_;
  Roster roster_;
  Session session_;
  int signal_fd_ = -1;
  int asked_to_leave_ = 0;  // by SIGTERM or SIGINT
  bool draining_ = false;
  bool drained_ = false;
  uint64_t drain_deadline_ms_ = 0;
};

}  // namespace plasa::worker
