#include "simulation.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator.h"
#include "disk.h"
#include "host.h"
#include "temp_dir.h"
#include "user.h"

namespace plasa::sim {
namespace {

constexpr int kHosts = 3;
constexpr uint64_t kHealAtMs = 180'000;
constexpr uint64_t kMakeUpAtMs = 171'000;  // after the last fault of a plan
constexpr uint64_t kMakeUpEveryMs = 400;
constexpr uint64_t kFewestFaults = 20;
constexpr uint64_t kAllEndWithinMs = 3'600'000;  // after everything is mended
constexpr uint64_t kShortLeaseMs = 9'000;
constexpr uint64_t kLongLeaseMs = 20'000;
constexpr uint64_t kDrainedSilenceMs = 5'000;
constexpr uint64_t kSlackMs = 1'500;  // a tick, and stalls too short to count
constexpr double kTenYearsS = 3.2e8;

class Simulation {
 public:
  Simulation(const Plan& plan, Bug bug);
  Outcome Run();

 private:
  void Prepare();
  void Apply(const Fault& fault);
  [[nodiscard]] bool Strike(const Fault& fault);
  [[nodiscard]] bool StrikeCoordinator(const Fault& fault);
  [[nodiscard]] bool StrikeHost(const Fault& fault, Host& host, int slot);
  [[nodiscard]] bool StrikeLink(const Fault& fault, Host& host);
  void RestoreBackup(uint64_t away_ms);
  void MakeUp();
  void Heal();
  [[nodiscard]] bool AllEnded() const;
  [[nodiscard]] bool SubmitFailedAgain();
  [[nodiscard]] std::string WhyNotEnded() const;
  void JudgeLoss(const coordinator::AttemptRecord& lost);
  void SubmitRace() { user_.Submit("race", 40, 46, true); }
  void JudgeResults();
  [[nodiscard]] std::set<std::string> JudgeRace(const coordinator::Sweep& race);
  void JudgeCurve(const std::string& trial);
  [[nodiscard]] uint64_t Until(const Fault& fault) const { return world_.now_ms() + fault.for_ms; }

  const Plan plan_;
  const Bug bug_;
  TempDir dir_;
  World world_;
  Oracle oracle_;
  Disk disk_;
  Coordinator coordinator_;
  std::vector<std::unique_ptr<Host>> hosts_;
  const uint64_t lost_after_ms_;
  const bool races_;  // a sweep that stops early is among them
  User user_;
  Outcome outcome_;
  bool healed_ = false;
  bool submitted_again_ = false;
};

Simulation::Simulation(const Plan& plan, Bug bug)
    : plan_(plan),
      bug_(bug),
      world_(plan.seed),
      disk_(world_, oracle_, dir_ / "coordinator/artifacts"),
      coordinator_(world_, disk_, dir_ / "coordinator", bug),
      lost_after_ms_(plan.seed % 2 == 0 ? kLongLeaseMs : kShortLeaseMs),
      races_(plan.seed % 4 == 2),
      user_(world_, coordinator_, bug == Bug::kEvictSilent ? kDrainedSilenceMs + 1000 : lost_after_ms_) {
  disk_.on_lost = [this](const auto& lost) { JudgeLoss(lost); };
  for (int i = 0; i < kHosts; ++i)
    hosts_.push_back(std::make_unique<Host>(Host::Doors{world_, oracle_, coordinator_, disk_, bug},
                                            dir_ / absl::StrCat("host", i), i));
}

void Simulation::Prepare() {
  coordinator_.Start();
  for (auto& host : hosts_) host->StartDaemon();
  user_.Submit("first", 1, 20);
  world_.After(30'000, [this] { user_.Submit("second", 15, 26); });
  world_.After(60'000, [this] { user_.Cancel("second"); });
  world_.After(100'000, [this] { user_.Submit("second", 15, 26); });
  if (races_) world_.After(20'000, [this] { SubmitRace(); });
  for (const Fault& fault : plan_.faults) world_.After(fault.at_ms, [this, &fault] { Apply(fault); });
  if (plan_.whole) world_.After(kMakeUpAtMs, [this] { MakeUp(); });
  world_.After(kHealAtMs, [this] { Heal(); });
}

void Simulation::Apply(const Fault& fault) {
  if (healed_ || !Strike(fault)) return;
  ++outcome_.faults;
  ++outcome_.kinds[static_cast<size_t>(fault.kind)];
}

// Faults of a plan may find nobody to strike: a run has kFewestFaults all the same.
void Simulation::MakeUp() {
  if (outcome_.faults >= kFewestFaults) return;
  Apply({world_.now_ms(), FaultKind::kDisturbLink, static_cast<int>(outcome_.faults), kMakeUpEveryMs});
  world_.After(kMakeUpEveryMs, [this] { MakeUp(); });
}

bool Simulation::Strike(const Fault& fault) {
  Host& host = *hosts_[static_cast<size_t>(fault.target % kHosts)];
  if (fault.kind <= FaultKind::kRestore) return StrikeCoordinator(fault);
  if (fault.kind <= FaultKind::kFillHostDisk) return StrikeHost(fault, host, fault.target / kHosts);
  return StrikeLink(fault, host);
}

bool Simulation::StrikeCoordinator(const Fault& fault) {
  const auto start_later = [&] { world_.After(fault.for_ms, [this] { coordinator_.Start(); }); };
  if (!coordinator_.running() && fault.kind != FaultKind::kRestore) return false;
  switch (fault.kind) {
    case FaultKind::kKillCoordinator:
      coordinator_.Kill();
      start_later();
      return true;
    case FaultKind::kKillBeforeCommit:
    case FaultKind::kKillAfterCommit:
      coordinator_.CrashAtCommit(fault.kind == FaultKind::kKillBeforeCommit ? Coordinator::Crash::kBeforeCommit
                                                                            : Coordinator::Crash::kAfterCommit);
      start_later();
      world_.After(5'000 + fault.for_ms, [this] { coordinator_.Start(); });
      return true;
    case FaultKind::kCutCoordinatorPower:
      coordinator_.CutPower();
      start_later();
      return true;
    case FaultKind::kPauseCoordinator:
      coordinator_.Pause(fault.for_ms);
      return true;
    case FaultKind::kFillCoordinatorDisk:
      coordinator_.FillDisk(Until(fault));
      return true;
    case FaultKind::kSlowCommits:
      coordinator_.SlowDisk(Until(fault), std::min<uint64_t>(fault.for_ms, 30'000));
      return true;
    case FaultKind::kJumpClock:
      world_.wall_jump_s = fault.target % 2 == 0 ? kTenYearsS : -kTenYearsS;
      return true;
    case FaultKind::kBackup:
      disk_.Backup();
      return true;
    case FaultKind::kRestore:
      if (!disk_.has_backup()) return false;
      RestoreBackup(fault.for_ms);
      return true;
    default:
      return false;
  }
}

// As the handbook says: stop the coordinator, put the backup in place, start it; users look what is missing.
void Simulation::RestoreBackup(uint64_t away_ms) {
  coordinator_.Kill();
  disk_.Restore(bug_ != Bug::kRestoreWithoutJump);
  world_.After(away_ms, [this] { coordinator_.Start(); });
}

bool Simulation::StrikeHost(const Fault& fault, Host& host, int slot) {
  const auto start_later = [&] { world_.After(fault.for_ms, [&host] { host.StartDaemon(); }); };
  const bool daemon = host.daemon_running();
  switch (fault.kind) {
    case FaultKind::kKillDaemon:
      host.KillDaemon();
      start_later();
      return daemon;
    case FaultKind::kPauseDaemon:
      host.PauseDaemon(fault.for_ms);
      return daemon;
    case FaultKind::kLeaveDaemon:
      host.LeaveDaemon();
      start_later();
      return daemon;
    case FaultKind::kKillShim:
      host.KillShim(slot);
      return true;
    case FaultKind::kKillTrainer:
      return host.KillTrainer(slot);
    case FaultKind::kFailTrainer:
      return host.FailTrainer(slot);
    case FaultKind::kPauseTrainer:
      return host.PauseTrainer(slot, fault.for_ms);
    case FaultKind::kCutHostPower:
      host.CutPower();
      start_later();
      return true;
    case FaultKind::kLoseState:
      host.LoseState();
      start_later();
      return true;
    case FaultKind::kFillHostDisk:
      host.FillDisk(true);
      world_.After(fault.for_ms, [&host] { host.FillDisk(false); });
      return true;
    default:
      return false;
  }
}

bool Simulation::StrikeLink(const Fault& fault, Host& host) {
  switch (fault.kind) {
    case FaultKind::kCutLink:
      host.link().CutUp(Until(fault));
      host.link().CutDown(Until(fault));
      return true;
    case FaultKind::kCutUp:
      host.link().CutUp(Until(fault));
      return true;
    case FaultKind::kCutDown:
      host.link().CutDown(Until(fault));
      return true;
    case FaultKind::kClogLink:
      host.link().Clog(Until(fault));
      return true;
    case FaultKind::kClogAll:  // one after another, and opened in another order
      for (auto& each : hosts_) each->link().Clog(world_.now_ms() + world_.random().Between(1, fault.for_ms));
      return true;
    case FaultKind::kDisturbLink:
      host.link().Disturb(Until(fault));
      return true;
    case FaultKind::kDrain:
      host.NoteDrain(UINT64_MAX);
      user_.Drain(host.worker_id(), false);
      world_.After(fault.for_ms, [this, id = host.worker_id()] { user_.Drain(id, true); });
      return true;
    default:
      return false;
  }
}

// The second phase: nothing is broken any more, and everything must come to its end.
void Simulation::Heal() {
  healed_ = true;
  coordinator_.Heal();
  for (auto& host : hosts_) {
    host->Heal();
    user_.Drain(host->worker_id(), true);
  }
  user_.Submit("first", 1, 20);
  user_.Submit("second", 15, 26);
  if (races_) SubmitRace();
}

bool Simulation::AllEnded() const {
  if (!healed_ || !user_.content() || disk_.store().trials().empty()) return false;
  const auto& trials = disk_.store().trials();
  return std::all_of(trials.begin(), trials.end(),
                     [](const auto& entry) { return coordinator::IsFinal(entry.second.state); });
}

// The first trial that is not at its end, as its user would be told.
std::string Simulation::WhyNotEnded() const {
  for (const auto& [id, trial] : disk_.store().trials()) {
    if (!coordinator::IsFinal(trial.state))
      return absl::StrCat("trial ", id, " never ends: ", coordinator_.Explain(id));
  }
  return "a request is never answered";
}

// P4: only a worker that was silent for lost_after while the coordinator could hear it, or that really has not got the
// trainer any more, loses an attempt.
void Simulation::JudgeLoss(const coordinator::AttemptRecord& lost) {
  const std::string what = absl::StrCat("P4/P5: attempt ", lost.token, " is lost (", lost.message, ")");
  if (absl::StrContains(lost.message, "silent")) {
    const bool draining = coordinator_.Drains(lost.worker);
    const uint64_t limit = draining ? kDrainedSilenceMs : lost_after_ms_;
    const uint64_t silence = coordinator_.SilenceMs(lost.worker);
    if (silence < UINT64_MAX && silence + kSlackMs < limit)
      world_.Violate(absl::StrCat(what, " after a real silence of ", silence, " ms"));
  }
  if (!absl::StrContains(lost.message, "came back without") && !absl::StrContains(lost.message, "hold it any more"))
    return;
  for (const auto& host : hosts_) {
    if (host->worker_id() == lost.worker && host->Runs(lost.token))
      world_.Violate(absl::StrCat(what, " while its trainer runs"));
  }
}

// A trial may rightly have lost its budget when the faults end; the user does then what its explanation says. True when
// that was done.
bool Simulation::SubmitFailedAgain() {
  const auto& trials = disk_.store().trials();
  const auto lost = [](const auto& trial) { return trial.second.cause == coordinator::Cause::kWorkerLost; };
  if (submitted_again_ || std::none_of(trials.begin(), trials.end(), lost)) return false;
  submitted_again_ = true;
  user_.Submit("first", 1, 20);
  user_.Submit("second", 15, 26);
  if (races_) SubmitRace();
  return true;
}

// Which trials must be pruned follows from what an undisturbed run reports at the rungs, unless a trial failed at times
// and was not waited for.
std::set<std::string> Simulation::JudgeRace(const coordinator::Sweep& race) {
  const coordinator::Rungs& rungs = *race.rungs;
  std::set<std::string> pruned, wanted;
  for (const std::string& trial : race.trials) {
    if (disk_.store().trials().at(trial).state == coordinator::TrialState::kPruned) pruned.insert(trial);
  }
  std::vector<std::vector<std::string>> left;
  for (const coordinator::Rungs::Cell& cell : rungs.cells) left.push_back(cell.trials);
  for (const int64_t rung : rungs.plan.rungs) {
    std::vector<std::pair<double, size_t>> ranked;
    for (size_t i = 0; i < left.size(); ++i) {
      double sum = 0, seeds = 0;
      for (const std::string& trial : left[i]) {
        if (Oracle::StepsOf(trial) < rung) continue;
        sum += Oracle::LossOf(oracle_.StateAt(trial, rung));
        ++seeds;
      }
      if (seeds > 0) ranked.emplace_back(sum / seeds, i);
    }
    std::sort(ranked.begin(), ranked.end());
    std::set<size_t> lost;
    for (size_t i = std::max<size_t>(1, ranked.size() / 2); i < ranked.size(); ++i) lost.insert(ranked[i].second);
    for (const size_t cell : lost) wanted.insert(left[cell].begin(), left[cell].end());
    std::erase_if(left, [&](const auto& cell) { return wanted.contains(cell.front()); });
  }
  const bool failed =
      std::any_of(race.trials.begin(), race.trials.end(), [this](const auto& id) { return disk_.HasFailed(id); });
  if (pruned != wanted && !failed) world_.Violate("early stopping: other trials are pruned than lost at a rung");
  return pruned;
}

void Simulation::JudgeResults() {
  std::set<std::string> pruned;
  for (const auto& [id, sweep] : disk_.store().Load().sweeps) {
    if (sweep.rungs) pruned = JudgeRace(sweep);
  }
  for (const auto& [id, trial] : disk_.store().trials()) {
    if (pruned.contains(id)) continue;
    if (trial.state != coordinator::TrialState::kSucceeded || !trial.admitted)
      world_.Violate(absl::StrCat("liveness: trial ", id, " ended ", std::string(coordinator::Word(trial.state)), " (",
                                  std::string(coordinator::Word(trial.cause)), "): ", trial.message));
    JudgeCurve(id);
  }
}

// P3 and P10: the visible points of a trial are those of an undisturbed run, each once.
void Simulation::JudgeCurve(const std::string& trial) {
  std::vector<coordinator::AttemptRecord> attempts;
  for (const auto& [token, attempt] : disk_.store().attempts()) {
    if (attempt.trial == trial && attempt.started) attempts.push_back(attempt);
  }
  std::vector<int64_t> steps;
  int results = 0;
  int64_t end = INT64_MAX;  // no later attempt started before it
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt) {
    std::vector<int64_t> visible;
    for (const TrainerEvent& event : disk_.store().events().at(attempt->token)) {
      if (event.type == "metric" && event.step <= end) visible.push_back(event.step);
    }
    results += attempt->state == coordinator::AttemptState::kSucceeded ? 1 : 0;
    end = std::min(end, attempt->start_step);
    steps.insert(steps.begin(), visible.begin(), visible.end());
  }
  bool whole = static_cast<int64_t>(steps.size()) == Oracle::StepsOf(trial);
  for (size_t i = 0; whole && i < steps.size(); ++i) whole = steps[i] == static_cast<int64_t>(i) + 1;
  if (!whole) world_.Violate(absl::StrCat("P3/P10: the curve of trial ", trial, " has a hole or a doubled point"));
  if (results != 1) world_.Violate(absl::StrCat("P2: trial ", trial, " has ", results, " accepted results"));
}

Outcome Simulation::Run() {
  Prepare();
  const uint64_t began = world_.now_ms();
  world_.Run(began + kHealAtMs + kAllEndWithinMs, [this] { return AllEnded() && !SubmitFailedAgain(); });
  if (world_.violation().empty() && !AllEnded()) world_.Violate("liveness: " + WhyNotEnded());
  if (world_.violation().empty()) JudgeResults();
  outcome_.violation = world_.violation();
  outcome_.grants = disk_.grants();
  outcome_.simulated_s = static_cast<double>(world_.now_ms() - began) / 1000;
  return outcome_;
}

std::string WithoutNumbers(std::string text) {
  std::erase_if(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  return text;
}

}  // namespace

Outcome Simulate(const Plan& plan, Bug bug) { return Simulation(plan, bug).Run(); }

Plan Shrink(Plan plan, Bug bug) {
  plan.whole = false;
  const std::string words = WithoutNumbers(Simulate(plan, bug).violation);
  for (size_t piece = std::max<size_t>(1, plan.faults.size() / 2); piece > 0; piece /= 2) {
    for (size_t at = 0; at < plan.faults.size();) {
      Plan fewer = plan;
      const auto from = fewer.faults.begin() + static_cast<long>(at);
      fewer.faults.erase(from, from + static_cast<long>(std::min(piece, fewer.faults.size() - at)));
      const bool same = WithoutNumbers(Simulate(fewer, bug).violation) == words;
      if (same) {
        plan = std::move(fewer);
      } else {
        at += piece;
      }
    }
  }
  return plan;
}

}  // namespace plasa::sim
