// The kernels against plain formulas.
#pragma once

#include <vector>

#include "common/experiment/config.h"
#include "trainer/audit/audit.h"

namespace plasa::trainer {

// 8: the CPU kernels (attention, experts, norms, index loss) against plain ATen, the cross-entropy and Adam against
// plain formulas, in double on random shapes within 1e-9; and no gradient of the index loss, below 1e-12, when the
// indexer agrees with its teacher. Two results.
[[nodiscard]] std::vector<AuditResult> KernelsAudit(const Config& config);

}  // namespace plasa::trainer
