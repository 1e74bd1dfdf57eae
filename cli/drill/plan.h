// Which faults strike in a round of a drill. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace plasa::cli {

enum class FaultKind {
  kKillCoordinator,
  kRestartCoordinator,
  kKillDaemon,
  kKillShim,
  kKillTrainer,
  kPauseCoordinator,
  kPauseDaemon,
  kPauseShim,
  kPauseTrainer,
  kDrainWorker,
};
inline constexpr std::array kFaultKinds = {
    FaultKind::kKillCoordinator, FaultKind::kRestartCoordinator, FaultKind::kKillDaemon,  FaultKind::kKillShim,
    FaultKind::kKillTrainer,     FaultKind::kPauseCoordinator,   FaultKind::kPauseDaemon, FaultKind::kPauseShim,
    FaultKind::kPauseTrainer,    FaultKind::kDrainWorker,
};

// "kill worker daemon".
[[nodiscard]] std::string FaultWord(FaultKind kind);

struct Fault {
  FaultKind kind;
  double wait_s;    // after the fault before it
  uint32_t choice;  // which of the processes there are then: modulo their number
  double lasts_s;   // a pause or a drain
};

// The faults of a round (1, 2, …): every kind once, in an order, at moments and of victims that the seed draws. All
// moments lie within `quiet_s`, what the sweep takes undisturbed: on a quick machine, too, it still runs when the last
// one comes.
[[nodiscard]] std::vector<Fault> PlanRound(uint64_t seed, uint32_t round, double quiet_s);

}  // namespace plasa::cli
