#include "trainer/attention/key_sets.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/where.h>

#include <cmath>

#include "trainer/attention/random_tensors.h"
#include "trainer/attention/selection.h"

namespace plasa::trainer {
namespace {

at::Tensor SelectorScores(const PassContext& pass, int64_t layer, const at::Tensor& index, const at::Tensor& full) {
  const Config& c = *pass.config;
  const auto shape = pass.Allowed().sizes();
  const at::Device device = pass.Allowed().device();
  switch (c.selector) {
    case Selector::kRecent:
      return at::arange(shape.back(), at::TensorOptions(device).dtype(at::kDouble)).expand(shape);
    case Selector::kRandom: {
      const Purpose purpose = pass.train ? Purpose::kSelectTrain : Purpose::kSelectEval;
      const auto step = static_cast<uint32_t>(pass.train ? pass.step : 0);
      const Stream stream{static_cast<uint64_t>(c.seed), purpose, step, static_cast<uint32_t>(layer)};
      return RandomScores(stream, pass.window, shape.back() - shape[1], shape[1], device)
          .narrow(1, 0, shape.back())
          .expand(shape);
    }
    case Selector::kOracle:
      return full;
    case Selector::kIndexer:
    case Selector::kFrozen:
    case Selector::kBlock:
      break;
  }
  return index.detach();
}

int64_t Scaled(double factor, int64_t k) { return static_cast<int64_t>(std::floor(factor * static_cast<double>(k))); }

KeySet ChooseStrict(const PassContext& pass, int64_t layer, const at::Tensor& k, int64_t scheduled,
                    const at::Tensor& index, const at::Tensor& full) {
  const Config& c = *pass.config;
  KeySet keys{{}, k, {}, {}};
  if (c.selector == Selector::kBlock) {
    keys.set = SelectBlocks(index, scheduled, c.select_block).logical_and(pass.Allowed());
    return keys;
  }
  if (c.k_mode == KMode::kEntropy) {
    const int64_t lo = std::max<int64_t>(1, Scaled(c.entropy_lo, scheduled));
    keys.k_rows = EntropyKeys(index, pass.Allowed(), lo, std::min(pass.window, Scaled(c.entropy_hi, scheduled)));
  }
  keys.set = SelectStrict(c, SelectorScores(pass, layer, index, full), pass.Allowed(), keys.k_rows);
  return keys;
}

KeySet ChooseLearned(const PassContext& pass, const at::Tensor& k, const at::Tensor& index, const at::Tensor& k_logit) {
  const auto width = static_cast<double>(pass.config->soft_width);
  const auto length = static_cast<double>(pass.window);
  const at::Tensor kappa = k_logit.sigmoid() * length;
  const at::Tensor rank = RankKeys(index, pass.Allowed()).to(index.scalar_type());
  const at::Tensor weight = (kappa - rank + (width - 0.5)) / width;
  const at::Tensor set = pass.Allowed().logical_and(weight.detach().gt(0));
  const at::Tensor soft = at::where(set.logical_and(weight.detach().lt(1)), weight, at::ones_like(weight.detach()));
  return {set, k, soft.log(), (kappa / length).sum()};
}

}  // namespace

Regime RegimeOf(const PassContext& pass, int64_t k, bool indexed) {
  const Config& c = *pass.config;
  const bool leaky = c.ref_leak && c.schedule != "dense_baseline";
  const bool by_index = UsesIndexer(c.selector);
  if (!leaky && ((k >= pass.window && !pass.force_sparse) || (by_index && !indexed))) return Regime::kDense;
  if (pass.train && pass.step < c.dense_warmup_steps) return Regime::kWarmUp;
  if (leaky) return Regime::kLeaky;
  return by_index && c.k_mode == KMode::kLearned ? Regime::kLearned : Regime::kStrict;
}

bool HasIndexLoss(const Config& c, bool indexed, Regime regime) {
  const bool kl = c.indexer_loss == IndexerLoss::kDenseKl || c.indexer_loss == IndexerLoss::kSparseKl;
  return indexed && kl && LearnsIndexer(c.selector) && !c.ref_freeze_indexer && regime != Regime::kDense;
}

KeySet ChooseKeys(const PassContext& pass, Regime regime, int64_t layer, int64_t k, const at::Tensor& index,
                  const at::Tensor& full, const at::Tensor& k_logit) {
  const at::Tensor& allowed = pass.Allowed();
  const at::Tensor scheduled = at::full({pass.batch, pass.length}, k, allowed.options().dtype(at::kLong));
  switch (regime) {
    case Regime::kDense:
      return {pass.config->ref_baseline_no_mask ? at::ones_like(allowed) : allowed, scheduled, {}, {}};
    case Regime::kWarmUp:
      return {allowed, scheduled, {}, {}};
    case Regime::kLeaky:
      return {SelectLeaky(index, k, pass.config->ref_ties), scheduled, {}, {}};
    case Regime::kLearned:
      return ChooseLearned(pass, scheduled, index, k_logit);
    case Regime::kStrict:
      break;
  }
  return ChooseStrict(pass, layer, scheduled, k, index, full);
}

}  // namespace plasa::trainer
