// `plasa.seeds`: which seeds every cell is run with.
#pragma once

#include "common/sweep/parameters.h"
#include "common/sweep/section.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// Fills spec->seeds and the canonical `file`. A parameter named `seed` takes the key's place. Refuses by Refusal.
void ReadSeeds(const Section& section, const Parameters& parameters, SweepSpec* spec, Value::Object* file);

}  // namespace plasa::sweep
