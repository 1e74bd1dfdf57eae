#include "coordinator/overlay.h"

#include <algorithm>

namespace plasa {

void Overlay(const Judgements& judgements, store::TrialView* trial) {
  const auto found = judgements.trials.find(trial->id);
  if (found == judgements.trials.end()) return;
  trial->explain = found->second.explain;
  if (found->second.suspect && trial->state == "running") trial->state = "suspect";
}

void Overlay(const Judgements& judgements, store::SweepView* sweep) {
  const auto found = judgements.suspects_of_sweep.find(sweep->id);
  if (found == judgements.suspects_of_sweep.end()) return;
  const uint32_t suspects = std::min(found->second, sweep->counts["running"]);
  sweep->counts["running"] -= suspects;
  sweep->counts["suspect"] += suspects;
}

}  // namespace plasa
