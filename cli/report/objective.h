// What a sweep is judged by.
#pragma once

#include <string>

#include "analysis/comparison.h"
#include "plasa/v1/model.pb.h"

namespace plasa::cli {

// The label that improvement is measured from.
inline constexpr char kBaseline[] = "uniform_sparse";

struct Objective {
  std::string metric = "val/loss";
  bool minimize = true;
};

[[nodiscard]] Objective ObjectiveOf(const plasa::v1::Sweep& sweep);

// The label that `label` is measured from: the baseline schedule with all other factors the same. schedule_perm,
// schedule_match and their like belong to the schedule.
[[nodiscard]] std::string BaselineOf(const std::string& label, const std::string& baseline);

// How many percent better than its baseline at its length the cell is, over seed pairs; positive is better. n = 0 for
// the baseline itself, and where there is nothing to compare with.
[[nodiscard]] analysis::Estimate Improvement(const analysis::Comparison& comparison, const analysis::Cell& cell,
                                             const std::string& baseline, const Objective& objective);

}  // namespace plasa::cli
