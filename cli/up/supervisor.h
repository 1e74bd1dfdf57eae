// Keeps a coordinator and a worker running until told to stop.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "cli/output/interrupt.h"
#include "cli/up/daemon.h"

namespace plasa::cli {

// Says what happened, for people.
using Say = std::function<void(const std::string&)>;

// Starts a daemon again after it died: 0.5 s later at first, doubling to 30 s; a minute of health forgets the past.
// One a daemon. Main thread only.
class Revival {
 public:
  explicit Revival(Daemon* daemon) : daemon_(daemon) {}

  // Looks at the daemon at the steady moment `now_s`; starts it when its time has come.
  void Tend(double now_s, const Say& say);

 private:
  void OnDeath(double now_s, const Say& say);

  Daemon* const daemon_;
  bool down_ = false;
  double due_s_ = 0;
  double started_s_ = 0;
  double pause_s_ = 0.5;
};

// Tends both daemons until a signal comes.
void Supervise(Daemon* coordinator, Daemon* worker, const Interrupt& interrupt, const Say& say);

// The end: the worker checkpoints its trainers and leaves within 30 s, then the coordinator. One more signal = at once.
void StopAll(Daemon* coordinator, Daemon* worker, const Interrupt& interrupt, const Say& say);

}  // namespace plasa::cli
