// Which audits are due when.
#pragma once

#include <filesystem>
#include <vector>

#include "common/base/result.h"
#include "trainer/audit/audit.h"
#include "trainer/data/dataset.h"
#include "trainer/spec.h"

namespace plasa::trainer {

// Audits 1, 2, 3, 5, 10 and 13, in this order: before every attempt, far below two seconds on a core. With
// config.canary audit 4 as well, some seconds. Those of the model are made in a tiny copy of `config` in float on the
// CPU, on one thread; then LibTorch has config.threads.
[[nodiscard]] std::vector<AuditResult> StartAudits(const Config& config, const Dataset& data);

// All thirteen, in order of number; about a minute on a core. `program` is plasa-trainer, for what takes several
// processes. LibTorch has one thread afterwards. Fails if the data cannot be opened.
[[nodiscard]] Result<std::vector<AuditResult>> AllAudits(const RunSpec& spec, const std::filesystem::path& program);

}  // namespace plasa::trainer
