// What must make no difference to a model: being evaluated, and who else is in the batch.
#pragma once

#include <vector>

#include "common/experiment/config.h"
#include "trainer/audit/audit.h"

namespace plasa::trainer {

// 10: parameters, moments and counters before and after evaluations between steps are the same bits, and so is the
// state after two steps with and without them. In a tiny copy of the configuration.
[[nodiscard]] AuditResult EvaluationAudit(const Config& config);

// 11: a row alone, with the others in reverse order, and with other rows beside it: eval logits within 1e-5 in float,
// within 1e-12 in double, and the same selected sets. Three results.
[[nodiscard]] std::vector<AuditResult> CompanionsAudit(const Config& config);

}  // namespace plasa::trainer
