// Random tokens that no causal model can predict.
#pragma once

#include <vector>

#include "common/experiment/config.h"
#include "trainer/audit/audit.h"
#include "trainer/model/model.h"

namespace plasa::trainer {

// Windows first .. first+batch_size-1 of a side (0 train, 1 held out): L+1 draws below vocab_size each, labels one
// later, one document.
[[nodiscard]] Batch CanaryBatch(const Config& config, int64_t first, uint32_t side);

// 4, of a run that asks for it: a copy of `config` in the canary's size, with its schedule (aggressive_middle for one
// without a name), selection and flags, learns nothing from 500 steps on fresh random tokens. Four seconds on a core.
[[nodiscard]] AuditResult CanaryAuditOf(const Config& config);

// 4: after 500 steps on fresh random tokens a strict model has learned nothing, under each of the six schedules, and
// the historical code with every ratio 1 has learned to look ahead. Two results; the first tells the least loss. About
// half a minute on one core.
[[nodiscard]] std::vector<AuditResult> CanaryAudit();

}  // namespace plasa::trainer
