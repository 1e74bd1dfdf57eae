// What a trial asks of a worker, and when it is given up: resources, lost_after, timeout, max_attempts, checkpoints.
#pragma once

#include "common/sweep/section.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// Fills `limits` and the canonical `file`. Refuses by Refusal.
void ReadLimits(const Section& section, TrialLimits* limits, Value::Object* file);

}  // namespace plasa::sweep
