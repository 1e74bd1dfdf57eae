// `plasa.data`: what the trials are trained on.
#pragma once

#include "common/sweep/section.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// Fills spec->data (kjv where the trainer is plasa and nothing is said) and the canonical `file`. Refuses by Refusal.
void ReadData(const Section& section, SweepSpec* spec, Value::Object* file);

}  // namespace plasa::sweep
