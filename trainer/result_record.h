// The per-run result file of the report.
#pragma once

#include <string>
#include <vector>

#include "common/base/value.h"
#include "common/experiment/config.h"
#include "trainer/audit/audit.h"
#include "trainer/data/dataset.h"
#include "trainer/history.h"
#include "trainer/metrics.h"

namespace plasa::trainer {

// SHA-256 of the configuration's canonical text, with what says only where and how safely it runs (threads, device,
// checkpoint_every, canary) left out.
[[nodiscard]] std::string ConfigHash(const Config& config);

// Why a result supports no claim: the configuration's reasons, and "inexact_resume".
[[nodiscard]] Value::List ReasonList(const std::vector<std::string>& reasons);

// {"name":"bytes"}, {"name":PATH,"sha256":...} of a tokenizer.json, or null where it is not known what made the ids.
[[nodiscard]] Value TokenizerValue(const DataFacts& data);

[[nodiscard]] Value AuditValue(const AuditResult& audit);

// What the end of a run knows.
struct RunOutcome {
  const Config& config;
  const DataFacts& data;
  const EvaluationSums& validation;
  const EvaluationSums& train;  // the same number of training windows in evaluation mode
  const Value::List& layers;
  const History& history;
  const std::vector<AuditResult>& audits;
  std::vector<std::string> invalid_reasons;
  double epochs = 0;
  Value::Object time_split;  // part -> median seconds of a step
  int64_t peak_memory_bytes = 0;
};

// Final metrics by name: val/loss, val/accuracy, ...
[[nodiscard]] Value::Object FinalMetrics(const RunOutcome& run);

// The record. Equal for equal runs but for time_per_step, time_split and peak_memory_bytes.
[[nodiscard]] Value ResultRecord(const RunOutcome& run);

}  // namespace plasa::trainer
