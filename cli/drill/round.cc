#include "cli/drill/round.h"

#include <signal.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/drill/outcome.h"
#include "cli/output/exit_code.h"
#include "cli/remote/words.h"

namespace plasa::cli {
namespace {

constexpr double kLookSeconds = 0.02;
constexpr double kAskSeconds = 0.25;  // between two looks at the sweep

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

absl::Status Interrupted() { return absl::CancelledError("stopped; nothing is left behind"); }

std::string Seconds(double seconds) { return absl::StrFormat("%.1f s", seconds); }

}  // namespace

absl::StatusOr<Outcome> Round::Run(const std::string& sweep_text, double patience_s) {
  if (absl::Status started = cluster_->Start(); !started.ok()) return started;
  pb::SubmitRequest request;
  request.set_request_id(NewRequestId());
  request.set_spec_text(sweep_text);
  const auto sweep = cluster_->client().Submit(request);
  if (!sweep.ok()) return sweep.status();
  if (absl::Status ended = Loop(sweep->sweep_id(), patience_s); !ended.ok()) return ended;
  return ReadOutcome(cluster_->client(), sweep->sweep_id());
}

absl::Status Round::Loop(const std::string& sweep, double patience_s) {
  double ask_s = 0;
  last_strike_s_ = Now();
  due_s_ = Now() + (faults_.empty() ? 0 : faults_[0].wait_s);
  for (;;) {
    if (interrupt_->Requested() > 0) return Interrupted();
    const double now = Now();
    Relieve(now);
    if (absl::Status struck = StrikeIfDue(now); !struck.ok()) return struck;
    if (now >= ask_s && !coordinator_paused_) {
      if (SweepEnded(sweep)) break;
      ask_s = Now() + kAskSeconds;
    }
    if (absl::Status alive = cluster_->CheckDaemons(); !alive.ok()) return alive;
    if (now - last_strike_s_ > patience_s) {
      return absl::DeadlineExceededError(
          absl::StrCat("the sweep has not ended ", Seconds(patience_s), " after the last fault; ", unfinished_));
    }
    interrupt_->Sleep(kLookSeconds);
  }
  RelieveAll();
  return absl::OkStatus();
}

bool Round::SweepEnded(const std::string& sweep) {
  pb::GetSweepRequest request;
  request.set_sweep(sweep);
  const auto reply = cluster_->client().GetSweep(request);
  if (!reply.ok()) return false;  // patience ends that
  for (const pb::Trial& trial : reply->trials()) {
    if (Ended(trial.state())) continue;
    unfinished_ = absl::StrCat("trial ", trial.id(), " is ", StateWord(trial.state()), ": ", trial.explain());
    return false;
  }
  return true;
}

absl::Status Round::StrikeIfDue(double now_s) {
  if (next_ == faults_.size() || now_s < due_s_) return absl::OkStatus();
  const Fault& fault = faults_[next_];
  const auto struck = Strike(fault);
  if (!struck.ok()) {
    if (interrupt_->Requested() > 0) return Interrupted();
    return absl::InternalError(absl::StrCat("after \"", FaultWord(fault.kind), "\": ", struck.status().message()));
  }
  if (!*struck) return absl::OkStatus();
  ++struck_[fault.kind];
  last_strike_s_ = Now();
  if (++next_ < faults_.size()) due_s_ = Now() + faults_[next_].wait_s;
  return absl::OkStatus();
}

absl::StatusOr<bool> Round::Strike(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::kKillCoordinator:
      return Restart(fault, SIGKILL);
    case FaultKind::kRestartCoordinator:
      return Restart(fault, SIGTERM);
    case FaultKind::kKillDaemon:
      return KillDaemon(fault);
    case FaultKind::kKillShim:
      return KillOne(fault, cluster_->Shims());
    case FaultKind::kKillTrainer:
      return KillOne(fault, cluster_->TrainersWithCheckpoint());  // so that there is something to resume
    case FaultKind::kPauseCoordinator:
      return coordinator_paused_ = PauseOne(fault, {cluster_->Coordinator()});
    case FaultKind::kPauseDaemon:
      return PauseOne(fault, {cluster_->WorkerDaemon(fault.choice % cluster_->workers())});
    case FaultKind::kPauseShim:
      return PauseOne(fault, cluster_->Shims());
    case FaultKind::kPauseTrainer:
      return PauseOne(fault, cluster_->Trainers());
    case FaultKind::kDrainWorker:
      return Drain(fault);
  }
  return false;
}

// A paused coordinator would not hear SIGTERM.
absl::StatusOr<bool> Round::Restart(const Fault& fault, int signal) {
  if (coordinator_paused_) return false;
  const double start = Now();
  if (absl::Status status = cluster_->RestartCoordinator(signal); !status.ok()) return status;
  Announce(fault, absl::StrCat("back after ", Seconds(Now() - start)));
  return true;
}

absl::StatusOr<bool> Round::KillDaemon(const Fault& fault) {
  const size_t worker = fault.choice % cluster_->workers();
  if (absl::Status status = cluster_->RestartDaemon(worker, SIGKILL); !status.ok()) return status;
  Announce(fault, "started again");
  return true;
}

bool Round::KillOne(const Fault& fault, const std::vector<ProcessIdentity>& victims) {
  if (victims.empty()) return false;
  const ProcessIdentity& victim = victims[fault.choice % victims.size()];
  if (!SignalProcess(victim, SIGKILL)) return false;
  Announce(fault, absl::StrCat("pid ", victim.pid));
  return true;
}

bool Round::PauseOne(const Fault& fault, const std::vector<ProcessIdentity>& victims) {
  if (victims.empty()) return false;
  const ProcessIdentity victim = victims[fault.choice % victims.size()];
  if (!SignalProcess(victim, SIGSTOP)) return false;
  const bool is_coordinator = fault.kind == FaultKind::kPauseCoordinator;
  reliefs_.push_back({Now() + fault.lasts_s, [this, victim, is_coordinator] {
                        SignalProcess(victim, SIGCONT);
                        if (is_coordinator) coordinator_paused_ = false;
                        return true;
                      }});
  Announce(fault, absl::StrCat("pid ", victim.pid, ", for ", Seconds(fault.lasts_s)));
  return true;
}

bool Round::Drain(const Fault& fault) {
  pb::DrainWorkerRequest request;
  request.set_worker(cluster_->WorkerId(fault.choice % cluster_->workers()));
  if (coordinator_paused_ || request.worker().empty()) return false;
  request.set_request_id(NewRequestId());
  if (!cluster_->client().DrainWorker(request).ok()) return false;
  request.set_undo(true);
  reliefs_.push_back({Now() + fault.lasts_s, [this, request]() mutable {
                        request.set_request_id(NewRequestId());
                        return !coordinator_paused_ && cluster_->client().DrainWorker(request).ok();
                      }});
  Announce(fault, absl::StrCat("for ", Seconds(fault.lasts_s)));
  return true;
}

void Round::Relieve(double now_s) {
  std::erase_if(reliefs_, [now_s](Relief& relief) { return now_s >= relief.due_s && relief.undo(); });
}

void Round::RelieveAll() {
  for (Relief& relief : std::exchange(reliefs_, {})) relief.undo();
}

void Round::Announce(const Fault& fault, const std::string& more) {
  say_(absl::StrCat(FaultWord(fault.kind), ": ", more));
}

}  // namespace plasa::cli
