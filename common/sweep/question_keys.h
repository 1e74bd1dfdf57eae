// The questions a sweep is to answer, and words about it: contrasts, controls, margin, replicate, log_rules, tags,
// notes.
#pragma once

#include "common/sweep/section.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// Checks them and keeps them in the canonical `file`; adds remarks for those without effect yet. Refuses by Refusal,
// also what would silently change a verdict because it is not there yet.
void ReadQuestionKeys(const Section& section, SweepSpec* spec, Value::Object* file);

}  // namespace plasa::sweep
