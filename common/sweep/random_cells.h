// The cells of a random search.
#pragma once

#include "common/base/result.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// run_cap different cells, fewer where the space is used up; none without run_cap. Refuses more than `limit` before it
// draws any. Precondition: the method is random.
[[nodiscard]] Result<std::vector<Value::Object>> RandomCells(const SweepSpec& spec, int64_t limit);

}  // namespace plasa::sweep
