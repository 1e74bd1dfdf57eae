#include "trainer/audit/coverage.h"

#include <algorithm>
#include <string>

#include "trainer/audit/canary.h"
#include "trainer/audit/gradient_coverage.h"
#include "trainer/audit/tiny.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kHistoricalVocabulary = 49152;
constexpr int64_t kHistoricalIndexer = 497664;

// What the first steps of a run on random tokens reach.
GradientCoverage CoverageOf(const Config& c) {
  TinyTraining run(c);
  GradientCoverage coverage(run.model, c.steps);
  for (int64_t first = 0; !coverage.IsComplete(); first += c.batch_size) {
    const Batch batch = CanaryBatch(c, first, 0);
    const Forward f = run.model.Run(batch, {.step = run.adam.steps(), .train = true, .keep_logits = false});
    auto gradients = Gradients(run.model, f.loss);
    coverage.Add(batch, f, gradients);
    (void)run.adam.Step(std::move(gradients));
  }
  return coverage;
}

AuditResult StrictCoverage(const Config& config) {
  Config c = TinyCopy(config);
  c.steps = std::max(c.steps, GradientCoverage::kSteps);
  return CoverageOf(c).Result();
}

AuditResult HistoricalCoverage() {
  const GradientCoverage coverage = CoverageOf(*ResolveConfig(Value(Value::Object{{"preset", "reference"},
                                                                                  {"vocab_size", kHistoricalVocabulary},
                                                                                  {"schedule", "uniform_sparse"},
                                                                                  {"seq_len", 32},
                                                                                  {"batch_size", 1}})));
  int64_t entries = 0;
  bool only_indexer = true;
  for (const Parameter* p : coverage.Unreached()) {
    entries += p->value.numel();
    only_indexer = only_indexer && p->name.find(".indexer.") != std::string::npos;
  }
  return {6, "gradient coverage of the historical code", only_indexer && entries == kHistoricalIndexer,
          static_cast<double>(entries), "exactly the 497,664 parameters of the indexer get no gradient in 20 steps"};
}

}  // namespace

std::vector<AuditResult> CoverageAudit(const Config& config) { return {StrictCoverage(config), HistoricalCoverage()}; }

}  // namespace plasa::trainer
