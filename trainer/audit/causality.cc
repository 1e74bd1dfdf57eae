#include "trainer/audit/causality.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>

#include "common/base/philox.h"
#include "common/experiment/schedule.h"
#include "trainer/audit/compare.h"
#include "trainer/audit/tiny.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kLength = kTinyLength;
constexpr int64_t kVocab = kTinyVocabulary;
constexpr int kChangedPositions = 8;

// Index scores that are mostly 0: half of the indexer's head weights vanish, and half of what its keys are made of.
void MakeTies(const Model& model) {
  for (const Parameter& p : model.parameters()) {
    if (p.name.ends_with("indexer.w_proj.weight")) p.value.detach().select(0, 0).zero_();
    if (p.name.ends_with("indexer.k_proj.weight")) p.value.detach().narrow(0, 0, 4).zero_();
  }
}

// Logits at or before a position that change when all later tokens do.
int64_t FutureInfluence(const Model& model, const Config& c, const ForwardOptions& options) {
  const at::Tensor tokens = TinyTokens(c, 0);
  const at::Tensor before = model.Run(TinyBatch(tokens), options).logits;
  Draws draws({static_cast<uint64_t>(c.seed), Purpose::kAudit, 1, 0});
  int64_t changes = 0;
  for (int i = 0; i < kChangedPositions; ++i) {
    const auto t = static_cast<int64_t>(draws.NextBelow(kLength - 1));
    at::Tensor changed = tokens.clone();
    changed.narrow(1, t + 1, kLength - t - 1)
        .add_(1 + static_cast<int64_t>(draws.NextBelow(kVocab - 1)))
        .remainder_(kVocab);
    const at::Tensor after = model.Run(TinyBatch(changed), options).logits;
    changes += DifferingEntries(after.narrow(1, 0, t + 1), before.narrow(1, 0, t + 1));
  }
  return changes;
}

int64_t FutureInfluence(const Model& model, const Config& c) {
  return FutureInfluence(model, c, {}) + FutureInfluence(model, c, {.composite = true});
}

// Gradients of a position's summed logits by vocabulary half: tokens up to the position are of the lower half, later
// ones of the upper. The head is untied, so that embeddings act through their positions alone.
struct HalvesGradient {
  double earlier = 0, later = 0;  // largest entries
};

HalvesGradient GradientAt(const Model& model, const Config& c, int64_t position, bool composite) {
  at::Tensor tokens = TinyTokens(c, 2).remainder(kVocab / 2);
  tokens.narrow(1, position + 1, kLength - position - 1).add_(kVocab / 2);
  const Forward f = model.Run(TinyBatch(tokens), {.train = true, .composite = composite});
  const at::Tensor embeddings = Gradients(model, f.logits.select(1, position).sum()).front().abs();
  return {embeddings.narrow(0, 0, kVocab / 2).max().item<double>(),
          embeddings.narrow(0, kVocab / 2, kVocab / 2).max().item<double>()};
}

// Keys of each query in block selection.
at::Tensor KeysByBlocks(int64_t k, int64_t block) {
  const at::Tensor keys = at::empty({kLength}, at::kLong);
  for (int64_t t = 0; t < kLength; ++t) keys.data_ptr<int64_t>()[t] = BlockKeys(k, block, t);
  return keys;
}

// Selected keys behind their query, and rows whose number of keys is not what k (and the size of blocks) makes it.
int64_t WrongKeys(const LayerRecord& layer, int64_t block, bool counted) {
  const at::Tensor keys = SelectedKeys(layer), t = at::arange(kLength);
  int64_t wrong = keys.triu(1).sum().item<int64_t>();
  if (!counted) return wrong;
  const bool blocks = block > 0 && layer.k < kLength;
  const at::Tensor expected = blocks ? KeysByBlocks(layer.k, block) : t.add(1).clamp_max(layer.k);
  return wrong + keys.sum(-1).ne(expected).sum().item<int64_t>();
}

}  // namespace

AuditResult CausalityAudit(const Config& config) {
  const Config c = TinyCopy(config);
  int64_t changes = 0;
  for (const std::string& schedule : ScheduleNames()) {
    const Model model = TinyModel(c, schedule);
    changes += FutureInfluence(model, c);
    MakeTies(model);
    changes += FutureInfluence(model, c);
  }
  return NoneOf(1, "causality", changes,
                "logits that change in a bit when only later tokens change, over all six schedules, also with ties");
}

AuditResult FutureGradientAudit(const Config& config) {
  Config c = TinyCopy(config);
  c.tied_head = false;
  const Model model = TinyModel(c, c.schedule);
  double worst = 0;
  bool reached = true;
  for (const int64_t position : {kLength / 4, kLength / 2, kLength - 2}) {
    for (const bool composite : {false, true}) {
      const HalvesGradient gradient = GradientAt(model, c, position, composite);
      worst = Worse(worst, gradient.later);
      reached = reached && gradient.earlier > 0;
    }
  }
  return {2, "future gradient", reached && worst == 0, worst,
          "largest gradient of a position's logits with respect to later tokens' embeddings"};
}

AuditResult SelectedKeysAudit(const Config& config) {
  const Config c = TinyCopy(config);
  const Model model = TinyModel(c, c.schedule);
  const bool counted = c.k_mode == KMode::kFixed && !c.doc_mask && c.pat_budget == PatBudget::kInside &&
                       !(c.pat_local || c.pat_dilated || c.pat_global);
  int64_t wrong = 0;
  for (const ForwardOptions& options : {ForwardOptions{.keep_layers = true}, ForwardOptions{.statistics = true}}) {
    for (const LayerRecord& layer : model.Run(TinyBatch(TinyTokens(c, 3)), options).layers) {
      if (layer.set.defined()) wrong += WrongKeys(layer, c.select_block, counted);
    }
  }
  return NoneOf(3, "selected keys", wrong,
                "selected keys in the future, and rows without " +
                    std::string(c.select_block > 0 ? "the blocks due" : "min(k, t+1) keys"));
}

}  // namespace plasa::trainer
