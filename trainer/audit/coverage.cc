#include "trainer/audit/coverage.h"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <string>

#include "common/experiment/schedule.h"
#include "trainer/audit/canary.h"
#include "trainer/audit/tiny.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kSteps = 20;
constexpr int64_t kHistoricalVocabulary = 49152;
constexpr int64_t kHistoricalIndexer = 497664;

// What 20 steps reach: parameters by gradients, tokens and experts by use.
class Reach {
 public:
  explicit Reach(const Config& c)
      : run_(c),
        touched_(run_.model.parameters().size()),
        rows_(at::zeros({c.vocab_size}, at::kBool)),
        seen_(at::zeros({c.vocab_size}, at::kBool)) {
    for (int64_t step = 0; step < kSteps; ++step) Step(CanaryBatch(c, step * c.batch_size, 0));
  }

  [[nodiscard]] std::vector<const Parameter*> Untouched() const {
    std::vector<const Parameter*> out;
    for (size_t i = 0; i < touched_.size(); ++i) {
      if (!touched_[i]) out.push_back(&run_.model.parameters()[i]);
    }
    return out;
  }
  // Embedding rows without a gradient, of tokens that occurred and of those that did not.
  [[nodiscard]] int64_t UntouchedRows(bool seen) const {
    return rows_.logical_not().logical_and(seen ? seen_ : seen_.logical_not()).sum().item<int64_t>();
  }
  [[nodiscard]] bool IsUnrouted(const std::string& name) const {
    return std::any_of(unrouted_.begin(), unrouted_.end(),
                       [&](const auto& expert) { return name.starts_with(expert); });
  }

 private:
  void Step(const Batch& batch) {
    const Forward f = run_.model.Run(batch, {.step = run_.adam.steps(), .train = true, .keep_logits = false});
    auto gradients = Gradients(run_.model, f.loss);
    for (size_t i = 0; i < touched_.size(); ++i) {
      touched_[i] = touched_[i] || gradients[i].count_nonzero().item<int64_t>() > 0;
    }
    rows_.logical_or_(gradients.front().ne(0).any(1));
    const bool shifted = run_.config.target_rule == TargetRule::kShifted;  // then no target follows the last token
    seen_.index_fill_(0, batch.tokens.narrow(1, 0, batch.tokens.size(1) - (shifted ? 1 : 0)).flatten(), true);
    CountExperts(f);
    (void)run_.adam.Step(std::move(gradients));
  }

  void CountExperts(const Forward& f) {
    const Config& c = run_.config;
    loads_.resize(f.expert_load.size(), at::zeros({c.n_experts}, at::kLong));
    for (size_t i = 0; i < loads_.size(); ++i) loads_[i] = loads_[i] + f.expert_load[i];
    unrouted_.clear();
    size_t mixture = 0;
    for (int64_t layer = 0; layer < c.n_layers; ++layer) {
      if (!IsMixture(c, layer)) continue;
      const at::Tensor load = loads_[mixture++];
      for (int64_t e = 0; e < c.n_experts; ++e) {
        if (load[e].item<int64_t>() > 0) continue;
        unrouted_.push_back("blocks." + std::to_string(layer) + ".feed_forward.experts." + std::to_string(e) + ".");
      }
    }
  }

  TinyTraining run_;
  std::vector<bool> touched_;
  at::Tensor rows_, seen_;  // bool [V]: embedding rows with a gradient, tokens that occurred
  std::vector<at::Tensor> loads_;
  std::vector<std::string> unrouted_;  // prefixes of their parameters' names
};

AuditResult StrictCoverage(const Config& config) {
  const Reach reach(TinyCopy(config));
  int64_t missed = reach.UntouchedRows(true);
  std::string names, unrouted;
  for (const Parameter* p : reach.Untouched()) {
    if (p->group == ParameterGroup::kFrozen) continue;
    if (reach.IsUnrouted(p->name)) {
      unrouted += " " + p->name;
      continue;
    }
    missed += p->value.numel();
    names += " " + p->name;
  }
  return NoneOf(
      6, "gradient coverage", missed,
      "parameters, and embeddings of tokens, without a gradient in 20 steps:" + (names.empty() ? " none" : names) +
          "; unseen tokens: " + std::to_string(reach.UntouchedRows(false)) +
          "; unrouted experts:" + (unrouted.empty() ? " none" : unrouted));
}

AuditResult HistoricalCoverage() {
  const Reach reach(*ResolveConfig(Value(Value::Object{{"preset", "reference"},
                                                       {"vocab_size", kHistoricalVocabulary},
                                                       {"schedule", "uniform_sparse"},
                                                       {"seq_len", 32},
                                                       {"batch_size", 1}})));
  int64_t entries = 0;
  bool only_indexer = true;
  for (const Parameter* p : reach.Untouched()) {
    entries += p->value.numel();
    only_indexer = only_indexer && p->name.find(".indexer.") != std::string::npos;
  }
  return {6, "gradient coverage of the historical code", only_indexer && entries == kHistoricalIndexer,
          static_cast<double>(entries), "exactly the 497,664 parameters of the indexer get no gradient in 20 steps"};
}

}  // namespace

std::vector<AuditResult> CoverageAudit(const Config& config) { return {StrictCoverage(config), HistoricalCoverage()}; }

}  // namespace plasa::trainer
