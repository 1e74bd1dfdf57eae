// `plasa-trainer bench`: how fast training steps are, without a run directory.
#pragma once

#include "common/base/result.h"
#include "common/base/value.h"
#include "common/experiment/config.h"

namespace plasa::trainer {

// Trains `steps` steps on the synthetic task markov. {"ms_per_step","spread_ms","tokens_per_s","parts":{part:
// seconds},"peak_memory_bytes",...}: medians without the first steps; the spread is half the range between the
// quartiles. Fails if this build cannot run the configuration.
[[nodiscard]] Result<Value> Bench(const Config& config, int64_t steps);

}  // namespace plasa::trainer
