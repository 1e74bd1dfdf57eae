// Audits that need data or files: 5 (split) and 9 (resume).
#pragma once

#include "trainer/audit/audit.h"
#include "trainer/data/split_audit.h"

namespace plasa::trainer {

// Whether training and validation share targets; the overlap of their texts is told, not judged.
[[nodiscard]] AuditResult SplitResult(const SplitAudit& split);

// Trains a tiny copy of `config` through a checkpoint on the disk and without: parameters and moments must be the same
// bits. (That this also holds after SIGKILL is shown by the end-to-end tests.) Writes to and removes a directory under
// the system's temporary one.
[[nodiscard]] AuditResult ResumeResult(const Config& config);

}  // namespace plasa::trainer
