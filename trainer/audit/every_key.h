// The sparse code where it must do what the dense layer does.
#pragma once

#include <vector>

#include "common/experiment/config.h"
#include "trainer/audit/audit.h"

namespace plasa::trainer {

// 7: the sparse code, made to select with k = L, against the dense layer: loss and gradients of what both own within
// 1e-5 in float and 1e-10 in double, by the CPU kernels and by plain ATen. In a tiny copy; two results.
[[nodiscard]] std::vector<AuditResult> EveryKeyAudit(const Config& config);

}  // namespace plasa::trainer
