// The questions a sweep is to answer, and words about it: contrasts, controls, margin, replicate, log_rules, tags,
// notes.
#pragma once

#include "common/sweep/parameters.h"
#include "common/sweep/section.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// Checks them and keeps them in the canonical `file`; with replicate: until_decided the seeds become those of the first
// look. Refuses by Refusal.
void ReadQuestionKeys(const Section& section, const Parameters& parameters, SweepSpec* spec, Value::Object* file);

}  // namespace plasa::sweep
