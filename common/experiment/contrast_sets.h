// Sets of contrasts that a sweep may ask for by name; what they ask stands in analysis/contrast_sets.h.
#pragma once

#include <string>
#include <vector>

namespace plasa {

// exp1, exp2, exp3, long-context, plasa-benchmark.
[[nodiscard]] std::vector<std::string> ContrastSetNames();

}  // namespace plasa
