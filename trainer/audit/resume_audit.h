// Going on from a checkpoint.
#pragma once

#include <filesystem>
#include <vector>

#include "common/experiment/config.h"
#include "trainer/audit/audit.h"

namespace plasa::trainer {

// 9, within this process: a tiny copy of `config` trained through a checkpoint on the disk and without ends in the same
// bits. Writes to and removes a directory under the system's temporary one.
[[nodiscard]] AuditResult ResumeAudit(const Config& config);

// 9, between processes: `program` (plasa-trainer) runs a tiny copy to its end; another run of it is ended by SIGKILL at
// a random step, and a third goes on from what that left. Checkpoint files, metrics of all steps and the result must be
// equal. Same directory.
[[nodiscard]] AuditResult KilledRunAudit(const Config& config, const std::filesystem::path& program);

}  // namespace plasa::trainer
