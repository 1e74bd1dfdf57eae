#include "cli/report/objective.h"

#include <cmath>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace plasa::cli {

Objective ObjectiveOf(const plasa::v1::Sweep& sweep) {
  return {sweep.metric_name().empty() ? "val/loss" : sweep.metric_name(), sweep.metric_goal() != "maximize"};
}

std::string BaselineOf(const std::string& label, const std::string& baseline) {
  const std::vector<std::string> factors = absl::StrSplit(label, ", ");
  std::string out = baseline;
  for (auto factor = factors.begin() + 1; factor != factors.end(); ++factor) {
    if (!absl::StartsWith(*factor, "schedule_")) absl::StrAppend(&out, ", ", *factor);
  }
  return out;
}

analysis::Estimate Improvement(const analysis::Comparison& comparison, const analysis::Cell& cell,
                               const std::string& baseline, const Objective& objective) {
  const std::string label = BaselineOf(cell.label, baseline);
  const analysis::Cell* base = cell.label == label ? nullptr : comparison.Find(label, cell.seq_len);
  if (base == nullptr) return {0, NAN, NAN, NAN};
  analysis::Estimate e = analysis::ImprovementPercent(cell, *base, objective.metric);
  if (objective.minimize) return e;
  return {e.n, -e.mean, -e.hi, -e.lo};
}

}  // namespace plasa::cli
