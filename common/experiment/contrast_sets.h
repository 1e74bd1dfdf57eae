// Sets of contrasts that a sweep may ask for by name; what they ask stands in analysis/contrast_sets.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plasa {

// exp1, exp2, exp3, plasa-benchmark.
[[nodiscard]] std::vector<std::string> ContrastSetNames();

// What a set compares the cells of `schedule` with beside the schedules of its grid, as labels (WithSchedule reads
// them): uniform schedules of the same budget, and the schedule with its thirds in other orders. Empty `set`: of a list
// of contrasts, or of none.
[[nodiscard]] std::vector<std::string> ControlsOf(std::string_view set, const std::string& schedule);

}  // namespace plasa
