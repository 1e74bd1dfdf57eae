#include "cli/drill/plan.h"

#include "common/base/philox.h"

namespace plasa::cli {
namespace {

constexpr double kShortestWait = 0.1;  // of a fault's share of the undisturbed time
constexpr double kLongestWait = 0.9;
constexpr double kShortest = 0.2;
constexpr double kLongest = 2.5;

double Between(double low, double high, uint32_t word) { return low + (high - low) * Uniform(word); }

}  // namespace

std::string FaultWord(FaultKind kind) {
  switch (kind) {
    case FaultKind::kKillCoordinator:
      return "kill coordinator";
    case FaultKind::kRestartCoordinator:
      return "restart coordinator";
    case FaultKind::kKillDaemon:
      return "kill worker daemon";
    case FaultKind::kKillShim:
      return "kill shim";
    case FaultKind::kKillTrainer:
      return "kill trainer";
    case FaultKind::kPauseCoordinator:
      return "pause coordinator";
    case FaultKind::kPauseDaemon:
      return "pause worker daemon";
    case FaultKind::kPauseShim:
      return "pause shim";
    case FaultKind::kPauseTrainer:
      return "pause trainer";
    case FaultKind::kDrainWorker:
      return "drain worker";
  }
  return "";
}

std::vector<Fault> PlanRound(uint64_t seed, uint32_t round, double quiet_s) {
  const double share_s = quiet_s / static_cast<double>(kFaultKinds.size());
  Draws draws(Stream{.seed = seed, .purpose = Purpose::kOrder, .step = round});
  std::vector<int64_t> all;
  for (size_t i = 0; i < kFaultKinds.size(); ++i) all.push_back(static_cast<int64_t>(i));
  std::vector<Fault> faults;
  for (const int64_t kind : draws.Choose(all, all.size())) {
    Fault fault{kFaultKinds[static_cast<size_t>(kind)], 0, 0, 0};
    fault.wait_s = share_s * Between(kShortestWait, kLongestWait, draws.Next());
    fault.choice = draws.Next();
    fault.lasts_s = Between(kShortest, kLongest, draws.Next());
    faults.push_back(fault);
  }
  return faults;
}

}  // namespace plasa::cli
