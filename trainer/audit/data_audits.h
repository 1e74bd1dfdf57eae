// Audits of what a run reads, and of the order it reads it in.
#pragma once

#include <cstdint>
#include <vector>

#include "common/experiment/config.h"
#include "trainer/audit/audit.h"
#include "trainer/data/split_audit.h"
#include "trainer/spec.h"

namespace plasa::trainer {

// 5: training and validation share no target; the overlap of their texts is told, not judged.
[[nodiscard]] AuditResult SplitResult(const SplitAudit& split);

// 12: one thread and two through three steps of a tiny copy: losses within 1e-6, and the same batches, dropout masks
// and selected keys. Two results. Sets the number of LibTorch threads and sets it back.
[[nodiscard]] std::vector<AuditResult> ThreadsAudit(const Config& config);

// 13: with one seed, a dense and a sparse tiny copy have the same common parameters at step 0 and read the same batches
// in all steps. Two results.
[[nodiscard]] std::vector<AuditResult> PairedSeedsAudit(const Config& config);

// 13 for the data of a run, opened for each of the two schedules: all its steps read the same batches. Data that cannot
// be opened fail it.
[[nodiscard]] AuditResult PairedBatchesAudit(const RunSpec& spec);

}  // namespace plasa::trainer
