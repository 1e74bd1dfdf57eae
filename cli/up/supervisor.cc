#include "cli/up/supervisor.h"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"

namespace plasa::cli {
namespace {

constexpr double kFirstPauseSeconds = 0.5;
constexpr double kLongestPauseSeconds = 30;
constexpr double kHealthySeconds = 60;
constexpr double kWorkerGraceSeconds = 35;  // its trainers have 30
constexpr double kCoordinatorGraceSeconds = 10;
constexpr int kTendEveryMs = 200;

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Returns when a daemon ended, a signal came, or it is time to look again.
void AwaitEvent(const Daemon& coordinator, const Daemon& worker) {
  pollfd ended[] = {{coordinator.pidfd(), POLLIN, 0}, {worker.pidfd(), POLLIN, 0}};  // poll ignores a pidfd of -1
  poll(ended, 2, kTendEveryMs);
}

// Waits for `daemon` to end; true when it did before `limit_s` and before signal number `most_signals + 1`.
bool AwaitEnd(Daemon* daemon, double limit_s, const Interrupt& interrupt, int most_signals) {
  const double start = Now();
  while (daemon->Running()) {
    if (Now() - start > limit_s || interrupt.Requested() > most_signals) return false;
    pollfd ended{daemon->pidfd(), POLLIN, 0};
    poll(&ended, 1, kTendEveryMs);
  }
  return true;
}

}  // namespace

void Revival::Tend(double now_s, const Say& say) {
  if (started_s_ == 0) started_s_ = now_s;
  if (!down_ && daemon_->Running()) return;
  if (!down_) OnDeath(now_s, say);
  if (now_s < due_s_) return;
  const absl::Status status = daemon_->Start();
  started_s_ = now_s;
  down_ = !status.ok();
  if (status.ok()) {
    say(absl::StrCat("the ", daemon_->name(), " is started again (pid ", daemon_->pid(), ")"));
  } else {
    due_s_ = now_s + kLongestPauseSeconds;
    say(std::string(status.message()));
  }
}

void Revival::OnDeath(double now_s, const Say& say) {
  pause_s_ = now_s - started_s_ > kHealthySeconds ? kFirstPauseSeconds : pause_s_;
  say(absl::StrCat("the ", daemon_->name(), " died (", daemon_->ending(), "); starting it again in ", pause_s_, " s"));
  down_ = true;
  due_s_ = now_s + pause_s_;
  pause_s_ = std::min(pause_s_ * 2, kLongestPauseSeconds);
}

void Supervise(Daemon* coordinator, Daemon* worker, const Interrupt& interrupt, const Say& say) {
  Revival coordinator_revival(coordinator);
  Revival worker_revival(worker);
  while (interrupt.Requested() == 0) {
    coordinator_revival.Tend(Now(), say);
    worker_revival.Tend(Now(), say);
    AwaitEvent(*coordinator, *worker);
  }
}

void StopAll(Daemon* coordinator, Daemon* worker, const Interrupt& interrupt, const Say& say) {
  const int already = interrupt.Requested();
  if (worker->Running()) say("Stopping: trainers write a checkpoint first (at most 30 s). Once more = at once.");
  worker->Signal(SIGTERM);
  if (!AwaitEnd(worker, kWorkerGraceSeconds, interrupt, already)) {
    say("the worker does not end; killing it");
    worker->Signal(SIGKILL);
  }
  coordinator->Signal(SIGTERM);
  if (AwaitEnd(coordinator, kCoordinatorGraceSeconds, interrupt, already + 1)) return;
  say("the coordinator does not end; killing it");
  coordinator->Signal(SIGKILL);
}

}  // namespace plasa::cli
