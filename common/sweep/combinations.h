// Which combinations of values there are: order, zip and exclude.
#pragma once

#include "common/sweep/parameters.h"
#include "common/sweep/section.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// Fills order, zip and exclude of `spec` and the canonical `file`. Refuses by Refusal.
void ReadCombinations(const Section& section, const Parameters& parameters, SweepSpec* spec, Value::Object* file);

}  // namespace plasa::sweep
