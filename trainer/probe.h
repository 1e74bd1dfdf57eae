// `plasa-trainer probe`: what a worker asks before it offers slots.
#pragma once

#include "common/base/value.h"

namespace plasa::trainer {

// {"v":1,"devices":[{"kind","name","model","memory_bytes","hardware_class","threads"}],"build","results_version"}.
// Quick: no model is made.
[[nodiscard]] Value Probe();

}  // namespace plasa::trainer
