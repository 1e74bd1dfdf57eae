// Which parameters training reaches.
#pragma once

#include <vector>

#include "common/experiment/config.h"
#include "trainer/audit/audit.h"

namespace plasa::trainer {

// 6: over 20 steps every parameter that learns gets a gradient in a tiny copy of the configuration; embedding rows of
// unseen tokens and experts that no token was routed to are told, not judged. In the historical code at its own size
// exactly the indexer gets none. Two results; some seconds.
[[nodiscard]] std::vector<AuditResult> CoverageAudit(const Config& config);

}  // namespace plasa::trainer
