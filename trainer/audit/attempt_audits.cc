#include "trainer/audit/attempt_audits.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "trainer/audit/canary.h"
#include "trainer/audit/causality.h"
#include "trainer/audit/companions.h"
#include "trainer/audit/coverage.h"
#include "trainer/audit/data_audits.h"
#include "trainer/audit/every_key.h"
#include "trainer/audit/kernels.h"
#include "trainer/audit/resume_audit.h"

namespace plasa::trainer {
namespace {

void Append(std::vector<AuditResult> more, std::vector<AuditResult>* all) {
  std::move(more.begin(), more.end(), std::back_inserter(*all));
}

}  // namespace

std::vector<AuditResult> StartAudits(const Config& config, const Dataset& data) {
  at::set_num_threads(1);  // tiny tensors only lose by more
  std::vector<AuditResult> audits{CausalityAudit(config), FutureGradientAudit(config), SelectedKeysAudit(config),
                                  SplitResult(data.AuditSplit()), EvaluationAudit(config)};
  Append(PairedSeedsAudit(config), &audits);
  if (config.canary) audits.push_back(CanaryAuditOf(config));
  at::set_num_threads(static_cast<int>(config.threads));
  return audits;
}

Result<std::vector<AuditResult>> AllAudits(const RunSpec& spec, const std::filesystem::path& program) {
  Config c = spec.config;
  c.threads = 1;
  c.canary = false;  // all schedules have theirs
  const auto tokenizer = TokenizerOf(c);
  if (!tokenizer) return tokenizer.error();
  auto data = OpenDataset(spec.data, WindowOptionsOf(c), *tokenizer);
  if (!data) return data.error();
  std::vector<AuditResult> audits = StartAudits(c, **data);
  Append(CanaryAudit(), &audits);
  Append(CoverageAudit(c), &audits);
  Append(EveryKeyAudit(c), &audits);
  Append(KernelsAudit(c), &audits);
  Append({ResumeAudit(c), KilledRunAudit(c, program)}, &audits);
  Append(CompanionsAudit(c), &audits);
  Append(ThreadsAudit(c), &audits);
  Append({PairedBatchesAudit(spec)}, &audits);
  std::stable_sort(audits.begin(), audits.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return audits;
}

}  // namespace plasa::trainer
