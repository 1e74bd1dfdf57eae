// `plasa.controls: matched`: the cells that show whether it is the order of budgets that counts, or their sum.
#pragma once

#include "common/base/result.h"
#include "common/sweep/section.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// Fills spec->matched_controls and the canonical `file`. Refuses by Refusal.
void ReadControls(const Section& section, SweepSpec* spec, Value::Object* file);

// The cells, and behind them the controls that they lack: for each cell what ControlsOf says of its schedule, unless a
// cell with the same k in each layer is there already. Cells that are no configuration have none; all others keep their
// place. Refuses more than `limit` cells.
[[nodiscard]] Result<std::vector<Value::Object>> WithControls(const SweepSpec& spec, std::vector<Value::Object> cells,
                                                              int64_t limit);

}  // namespace plasa::sweep
