#include "common/experiment/contrast_sets.h"

#include "common/experiment/schedule.h"

namespace plasa {
namespace {

std::string Matched(const std::string& schedule) { return "matched_uniform, schedule_match=" + schedule; }

// The experiment moves the sparse third of these two about.
bool IsPermuted(const std::string& schedule) {
  return schedule == "aggressive_middle" || schedule == "progressive_sparse";
}

std::vector<std::string> ExperimentControls(const std::string& schedule) {
  std::vector<std::string> controls = {Matched(schedule)};
  if (!IsPermuted(schedule)) return controls;
  for (const auto& [perm, ratios] : Permutations(schedule)) {
    if (ratios != RatiosOf(schedule)) controls.push_back(schedule + ", schedule_perm=" + perm);
  }
  return controls;
}

}  // namespace

std::vector<std::string> ContrastSetNames() { return {"exp1", "exp2", "exp3", "plasa-benchmark"}; }

std::vector<std::string> ControlsOf(std::string_view set, const std::string& schedule) {
  if (!IsNamedSchedule(schedule)) return {};
  if (set == "exp3") return ExperimentControls(schedule);
  if (set.empty() || schedule == "progressive_sparse") return {Matched(schedule)};
  return {};
}

}  // namespace plasa
