// The audits that take longer than a start allows: `plasa-trainer audit`.
#pragma once

#include <vector>

#include "trainer/audit/audit.h"

namespace plasa::trainer {

// Audits 4 (canary), 6 (gradient coverage), 7 (sparse code with every key), 8 (kernels against plain ATen), 11 (batch
// companions) and 12 (thread counts), in order of number. About half a minute on one core; sets the number of LibTorch
// threads.
[[nodiscard]] std::vector<AuditResult> RunFullAudits(const Config& config);

}  // namespace plasa::trainer
