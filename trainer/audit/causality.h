// What must not reach a position from later ones.
#pragma once

#include "common/experiment/config.h"
#include "trainer/audit/audit.h"

namespace plasa::trainer {

// All in a tiny copy of the configuration in float, by the CPU kernels and by plain ATen; a leaky configuration fails.

// 1: logits at or before each of 8 random positions, when all later tokens change, are the same bits; under each of the
// six schedules, and again with index scores that are mostly tied.
[[nodiscard]] AuditResult CausalityAudit(const Config& config);

// 2: the sum of the logits at a position has gradient 0 with respect to the embeddings of later tokens.
[[nodiscard]] AuditResult FutureGradientAudit(const Config& config);

// 3: no row selects a later key, and each selects min(k, t+1); the second only where k is fixed and nothing is added to
// it.
[[nodiscard]] AuditResult SelectedKeysAudit(const Config& config);

}  // namespace plasa::trainer
