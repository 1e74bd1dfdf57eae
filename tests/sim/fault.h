// What goes wrong in a simulation, as data: a failing list is shrunk and kept as a script.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plasa::sim {

enum class FaultKind {
  kKillCoordinator,
  kKillBeforeCommit,
  kKillAfterCommit,
  kCutCoordinatorPower,
  kPauseCoordinator,
  kFillCoordinatorDisk,
  kSlowCommits,
  kJumpClock,
  kBackup,
  kRestore,
  kKillDaemon,
  kPauseDaemon,
  kLeaveDaemon,
  kKillShim,
  kKillTrainer,
  kFailTrainer,
  kPauseTrainer,
  kCutHostPower,
  kLoseState,
  kFillHostDisk,
  kCutLink,
  kCutUp,
  kCutDown,
  kClogLink,
  kClogAll,
  kDisturbLink,
  kDrain,
};
inline constexpr int kFaultKinds = static_cast<int>(FaultKind::kDrain) + 1;

// "kill-coordinator".
[[nodiscard]] const char* Word(FaultKind kind);

struct Fault {
  uint64_t at_ms = 0;  // of the run
  FaultKind kind = FaultKind::kKillCoordinator;
  int target = 0;  // a host; its slots count on from it
  uint64_t for_ms = 0;
};

struct Plan {
  uint64_t seed = 0;
  std::vector<Fault> faults;  // by time
  bool whole = false;         // of a seed, not read or shrunk: what strikes nobody is made up for at the end
};

// The faults of a seed: some kinds, many of each.
[[nodiscard]] Plan MakePlan(uint64_t seed);

// One fault a line; ParsePlan reads what Print wrote. nullopt for anything else.
[[nodiscard]] std::string Print(const Plan& plan);
[[nodiscard]] std::optional<Plan> ParsePlan(const std::string& text);

}  // namespace plasa::sim
