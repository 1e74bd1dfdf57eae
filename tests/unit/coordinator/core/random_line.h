// Draws plausible and implausible events for a ScriptRunner.
#pragma once

#include <random>
#include <string>

#include "coordinator/core/core.h"

namespace plasa::coordinator {

// A line that fits, or nearly fits, what the core knows: few workers, few trials, so that events meet.
[[nodiscard]] std::string RandomLine(const Core& core, std::mt19937& random);

}  // namespace plasa::coordinator
