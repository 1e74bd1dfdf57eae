// Where a sweep that stops early compares its cells: W&B's hyperband.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/result.h"
#include "common/base/value.h"

namespace plasa {

struct RungPlan {
  std::vector<int64_t> rungs;  // reports of the metric after which cells are compared, growing
  double eta = 3;              // one cell in eta goes on
  bool strict = true;          // compared by what was reported at the rung; else by the best up to there

  // How many of that many cells go on: at least one.
  [[nodiscard]] int64_t Survivors(int64_t cells) const;
};

// Of a filled-in `early_terminate` (SweepSpec): min_iter, min_iter * eta, min_iter * eta^2 … up to a billion, or the s
// whole parts of max_iter / eta, max_iter / eta^2 … from 1 on. Where both forms are there max_iter counts, as W&B has
// it. Refuses what leaves no rung.
[[nodiscard]] Result<RungPlan> RungsOf(const Value& early_terminate);

}  // namespace plasa
