#include "trainer/audit/audit.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>

#include <algorithm>
#include <cstdlib>

#include "common/base/philox.h"
#include "common/experiment/schedule.h"
#include "trainer/audit/tiny.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kLength = kTinyLength;
constexpr int64_t kVocab = kTinyVocabulary;
constexpr int kChangedPositions = 8;

// Index scores that are mostly 0: half of the indexer's head weights vanish.
void MakeTies(const Model& model) {
  for (const Parameter& p : model.parameters()) {
    if (p.name.ends_with("indexer.w_proj.weight")) p.value.detach().select(0, 0).zero_();
    if (p.name.ends_with("indexer.k_proj.weight")) p.value.detach().narrow(0, 0, 4).zero_();
  }
}

// Largest change of a logit at or before a position when only later tokens change.
double FutureInfluence(const Model& model, const Config& c) {
  const at::Tensor tokens = TinyTokens(c, 0);
  const at::Tensor before = model.Run(TinyBatch(tokens), {}).logits;
  Draws draws({static_cast<uint64_t>(c.seed), Purpose::kAudit, 1, 0});
  double worst = 0;
  for (int i = 0; i < kChangedPositions; ++i) {
    const auto t = static_cast<int64_t>(draws.NextBelow(kLength - 1));
    at::Tensor changed = tokens.clone();
    changed.narrow(1, t + 1, kLength - t - 1)
        .add_(1 + static_cast<int64_t>(draws.NextBelow(kVocab - 1)))
        .remainder_(kVocab);
    const at::Tensor after = model.Run(TinyBatch(changed), {}).logits;
    worst = std::max(worst, (after - before).narrow(1, 0, t + 1).abs().max().item<double>());
  }
  return worst;
}

AuditResult Causality(const Config& c) {
  double worst = 0;
  for (const std::string& schedule : ScheduleNames()) {
    const Model model = TinyModel(c, schedule);
    worst = std::max(worst, FutureInfluence(model, c));
    MakeTies(model);
    worst = std::max(worst, FutureInfluence(model, c));
  }
  return {1, "causality", worst == 0, worst,
          "largest change of a logit when only later tokens change, over all six schedules"};
}

// Embedding rows of tokens that occur only after t must get no gradient from the logits at t.
AuditResult FutureGradient(const Config& c) {
  const Model model = TinyModel(c, c.schedule);
  constexpr int64_t kPosition = kLength / 2;
  at::Tensor tokens = TinyTokens(c, 2).remainder(kVocab / 2);
  tokens.narrow(1, kPosition + 1, kLength - kPosition - 1).add_(kVocab / 2);
  const Forward f = model.Run(TinyBatch(tokens), {.train = true});
  // Only the logits of early tokens: those of late tokens reach their own row through a tied head.
  const at::Tensor sum = f.logits.select(1, kPosition).narrow(-1, 0, kVocab / 2).sum();
  const double worst = Gradients(model, sum).front().narrow(0, kVocab / 2, kVocab / 2).abs().max().item<double>();
  return {2, "future gradient", worst == 0, worst,
          "largest gradient of a logit with respect to later tokens' embeddings"};
}

AuditResult SelectedKeys(const Config& c) {
  const Model model = TinyModel(c, c.schedule);
  const Forward f = model.Run(TinyBatch(TinyTokens(c, 3)), {.keep_layers = true});
  const bool counted = c.k_mode == KMode::kFixed && !c.doc_mask && c.pat_budget == PatBudget::kInside &&
                       !(c.pat_local || c.pat_dilated || c.pat_global);
  int64_t wrong = 0;
  if (counted) {  // what the kernels of a training run select
    for (const LayerRecord& layer : model.Run(TinyBatch(TinyTokens(c, 3)), {.statistics = true}).layers) {
      if (layer.sums) wrong += std::abs(layer.sums->selected - c.batch_size * Pairs(layer.k, kLength));
    }
  }
  for (const LayerRecord& layer : f.layers) {
    const at::Tensor causal = at::ones({kLength, kLength}, at::kBool).tril();
    wrong += layer.set.logical_and(causal.logical_not()).sum().item<int64_t>();
    if (counted) wrong += layer.set.sum(-1).ne(causal.sum(-1).clamp_max(layer.k)).sum().item<int64_t>();
  }
  return {3, "selected keys", wrong == 0, static_cast<double>(wrong),
          "selected keys in the future, and rows without min(k, t+1) keys"};
}

// Bit by bit, so that a run that diverges at once still equals itself.
bool SameParameters(const Model& a, const Model& b) {
  return std::all_of(a.parameters().begin(), a.parameters().end(), [&](const Parameter& p) {
    const at::Tensor* other = b.Find(p.name);
    return !other || p.value.detach().view(at::kInt).equal(other->detach().view(at::kInt));
  });
}

AuditResult EvaluationKeepsState(const Config& c) {
  const Batch batch = TinyBatch(TinyTokens(c, 4));
  const auto trained = [&](bool evaluate) {
    Model model = TinyModel(c, c.schedule);
    Adam adam(model);
    for (int64_t step = 0; step < 2; ++step) {
      if (evaluate) (void)model.Run(batch, {.step = step, .keep_layers = true});
      (void)adam.Step(Gradients(model, model.Run(batch, {.step = step, .train = true}).loss));
    }
    return model;
  };
  const bool same = SameParameters(trained(false), trained(true));
  return {10, "evaluation keeps state", same, same ? 0.0 : 1.0,
          "parameters after two steps with and without evaluations between"};
}

AuditResult PairedSeeds(const Config& c) {
  const bool same = SameParameters(TinyModel(c, "dense_baseline"), TinyModel(c, "progressive_sparse"));
  return {13, "paired seeds", same, same ? 0.0 : 1.0,
          "common parameters of two schedules with the same seed at step 0"};
}

}  // namespace

std::vector<AuditResult> RunStartAudits(const Config& config) {
  const Config c = TinyCopy(config);
  return {Causality(c), FutureGradient(c), SelectedKeys(c), EvaluationKeepsState(c), PairedSeeds(c)};
}

}  // namespace plasa::trainer
