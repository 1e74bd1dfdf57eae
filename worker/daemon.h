// plasa-worker put together: started in order, stopped in reverse.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
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
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Daemon>> Make(const Options& options);
  ~Daemon();

  // Until a signal. SIGTERM, SIGINT: trainers checkpoint and leave, are reported, and the coordinator is told goodbye,
  // all within 30 s; a second signal, or SIGHUP, leaves at once and the trainers run on.
  void Run();

 private:
  Daemon(const Options& options, StateDir state, Roster::Setup setup);
  void WatchSignals();
  void OnSignal(int number);
  void Drain();
  void StopWhenDrained();
  void Leave();

  const Options options_;
  StateDir state_;
  Loop loop_;
  LinuxMachine machine_;
  GrpcFleet fleet_;
  TransferThread transfer_;
  Roster roster_;
  Session session_;
  int signal_fd_ = -1;
  bool draining_ = false;
  bool drained_ = false;
  uint64_t drain_deadline_ms_ = 0;
};

}  // namespace plasa::worker
