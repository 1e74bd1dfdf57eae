// The cells of a grid.
#pragma once

#include "common/base/result.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// At most `limit` cells (and no more than run_cap), in grid order or shuffled. Refuses more before it makes any.
// Precondition: the method is grid.
[[nodiscard]] Result<std::vector<Value::Object>> GridCells(const SweepSpec& spec, int64_t limit);

}  // namespace plasa::sweep
