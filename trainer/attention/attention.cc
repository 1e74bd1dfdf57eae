#include "trainer/attention/attention.h"

#include <ATen/ops/matmul.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <limits>

#include "common/experiment/schedule.h"
#include "trainer/attention/fused_attention.h"
#include "trainer/attention/fused_statistics.h"
#include "trainer/attention/index_loss.h"
#include "trainer/attention/index_tiles.h"
#include "trainer/attention/key_sets.h"
#include "trainer/attention/projections.h"
#include "trainer/attention/random_tensors.h"
#include "trainer/attention/selection.h"
#include "trainer/kernels/linear.h"

namespace plasa::trainer {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// Softmax over the keys of `set` [B,L,keys], exactly 0 elsewhere.
at::Tensor MaskedSoftmax(const at::Tensor& z, const at::Tensor& set) {
  return z.masked_fill(set.unsqueeze(1).logical_not(), -kInf).softmax(-1);
}

at::Tensor PerQueryHead(const at::Tensor& x, int64_t group) { return group == 1 ? x : x.repeat_interleave(group, 1); }

// The historical indexer's scores, unscaled and so large that float would choose other keys on other machines; in
// double.
at::Tensor WideScores(const PassContext& pass, const AttentionWeights& weights, const at::Tensor& x) {
  AttentionWeights wide = weights;
  for (at::Tensor* w : {&wide.index_q, &wide.index_k, &wide.index_w, &wide.index_norm, &wide.index_bias})
    if (w->defined()) *w = w->to(at::kDouble);
  return IndexScores(RotateIndex(pass, ProjectIndex(pass, wide, x.to(at::kDouble))));
}

// The index scores, with a graph only where something learns from them.
at::Tensor ScoresOf(const PassContext& pass, const AttentionWeights& weights, int64_t layer, const at::Tensor& x) {
  const bool learns = pass.train && weights.index_q.requires_grad();
  const c10::AutoGradMode mode(learns);
  const bool added = pass.config->indexer_loss == IndexerLoss::kBias;  // to attention scores, which are float
  if (pass.config->ref_indexer_plain && !learns && !added && pass.cache == nullptr) return WideScores(pass, weights, x);
  IndexHeads heads = RotateIndex(pass, ProjectIndex(pass, weights, x));
  if (KeyCache* cache = pass.cache) {
    CachedKeys& cached = cache->layers[static_cast<size_t>(layer)];
    heads.k = Extend(cached.index_k, heads.k, 1, cache->position, cache->window);
  }
  return IndexScores(heads);
}

// Queries of x; keys and values of x and of what a decoder has cached.
Heads HeadsOf(const PassContext& pass, const AttentionWeights& weights, int64_t layer, const at::Tensor& x) {
  Heads heads = ProjectHeads(pass, weights, x);
  if (KeyCache* cache = pass.cache) {
    CachedKeys& cached = cache->layers[static_cast<size_t>(layer)];
    heads.k = Extend(cached.k, heads.k, 2, cache->position, cache->window);
    heads.v = Extend(cached.v, heads.v, 2, cache->position, cache->window);
  }
  return heads;
}

at::Tensor IndexLossOf(const PassContext& pass, Regime regime, const KeySet& keys, const at::Tensor& index,
                       const at::Tensor& full, const at::Tensor& probs) {
  const Config& c = *pass.config;
  const bool over_allowed = regime == Regime::kWarmUp || c.indexer_loss == IndexerLoss::kDenseKl;
  const at::Tensor rows = c.kl_rows == KlRows::kSparseOnly ? pass.Allowed().sum(-1).gt(keys.k_rows) : at::Tensor();
  if (over_allowed) return IndexKl(index, pass.Allowed(), full, rows);
  return IndexKl(index, keys.set, probs.detach().mean(1), rows);
}

Stream DropoutStream(const PassContext& pass, int64_t layer) {
  return {static_cast<uint64_t>(pass.config->seed), Purpose::kDropAttention, static_cast<uint32_t>(pass.step),
          static_cast<uint32_t>(layer)};
}

// Whether the CPU kernels cover this layer: causal sets chosen from index scores, nothing added to attention scores,
// and an index loss over the keys attended to.
bool IsFusable(const PassContext& pass, Regime regime, bool indexed) {
  const Config& c = *pass.config;
  const bool plain_set = regime == Regime::kDense ? !c.ref_baseline_no_mask
                                                  : regime == Regime::kWarmUp || (regime == Regime::kStrict &&
                                                                                  indexed && c.k_mode == KMode::kFixed);
  const bool plain_loss = c.indexer_loss == IndexerLoss::kOff || c.indexer_loss == IndexerLoss::kSparseKl ||
                          !HasIndexLoss(c, indexed, regime) || regime == Regime::kWarmUp;
  return pass.fused && !c.doc_mask && plain_set && plain_loss && c.indexer_loss != IndexerLoss::kBias &&
         !(c.pat_local || c.pat_dilated || c.pat_global || c.force_self) &&
         (c.k_mode == KMode::kFixed || regime == Regime::kDense);
}

// The same layer by the CPU kernels. An evaluation computes no index loss.
AttentionResult AttendFused(const PassContext& pass, const AttentionWeights& weights, Regime regime, int64_t layer,
                            int64_t k, const at::Tensor& x) {
  const Config& c = *pass.config;
  const bool indexed = weights.index_q.defined() && regime != Regime::kDense;
  const bool learns = pass.train && HasIndexLoss(c, indexed, regime);
  FusedAttentionOptions options;
  options.heads = c.n_heads;
  options.kv_heads = c.n_kv_heads;
  options.rotary = pass.rotary;
  options.dropout = {pass.train ? c.attn_dropout : 0, DropoutStream(pass, layer)};
  options.k = regime == Regime::kStrict ? k : 0;
  options.block = regime == Regime::kStrict ? c.select_block : 0;
  options.learns = learns;
  options.first_loss = c.kl_rows == KlRows::kSparseOnly ? k : 0;
  IndexRows rows;
  if (indexed && (learns || regime == Regime::kStrict)) {
    rows = ProjectIndex(pass, weights, x);
    options.index = FusedIndexHeads(rows, pass.index_rotary);
    options.index_rotary = pass.index_rotary;
  }
  const at::Tensor qkv = Linear(x, weights.qkv, c.precision);
  const FusedAttentionResult attention = FusedAttention(qkv, rows, options);

  AttentionResult result;
  result.record.k = k;
  result.record.dense = regime == Regime::kDense;
  result.record.kl = attention.kl;
  result.output = Linear(attention.output, weights.w_o, c.precision);
  if (pass.statistics) {
    result.record.sums = FusedStatistics({c.n_heads, c.n_kv_heads, k, pass.rotary, qkv, attention.set, options.index});
    result.record.set = attention.set;
  }
  return result;
}

// Any configuration on any device, by whole tensors of queries and keys.
AttentionResult AttendComposite(const PassContext& pass, const AttentionWeights& weights, Regime regime, int64_t layer,
                                int64_t k, const at::Tensor& x) {
  const Config& c = *pass.config;
  const bool indexed = weights.index_q.defined();
  const Heads heads = HeadsOf(pass, weights, layer, x);
  const int64_t group = c.n_heads / c.n_kv_heads;
  const at::Tensor keys_t = PerQueryHead(heads.k, group).transpose(-1, -2);
  at::Tensor z = at::matmul(heads.q, keys_t) * (1.0 / std::sqrt(static_cast<double>(c.head_dim())));
  const at::Tensor full = MaskedSoftmax(z.detach(), pass.Allowed()).mean(1);
  const at::Tensor index = indexed ? ScoresOf(pass, weights, layer, x) : at::Tensor();

  const KeySet keys = ChooseKeys(pass, regime, layer, k, index, full, weights.k_logit);
  if (keys.log_soft.defined()) z = z + keys.log_soft.unsqueeze(1);
  if (indexed && c.indexer_loss == IndexerLoss::kBias && regime != Regime::kDense) z = z + index.unsqueeze(1);
  at::Tensor probs = MaskedSoftmax(z, keys.set);

  AttentionResult result;
  result.budget = keys.budget;
  result.record.k = k;
  result.record.dense = regime == Regime::kDense;
  if (HasIndexLoss(c, indexed, regime)) result.record.kl = IndexLossOf(pass, regime, keys, index, full, probs);
  if (pass.keep_layers || pass.statistics) {
    result.record.set = keys.set;
    result.record.full = full;
    result.record.probs = probs.detach();
    result.record.index = indexed ? index.detach() : index;
    result.record.k_rows = keys.k_rows;
  }
  if (pass.train && c.attn_dropout > 0) {
    probs = probs * KeepFactors(DropoutStream(pass, layer), probs.sizes(), c.attn_dropout, probs.options());
  }
  const at::Tensor joined = at::matmul(probs, PerQueryHead(heads.v, group)).transpose(1, 2).flatten(2);  // [B,L,H*hd]
  result.output = Linear(joined, weights.w_o, c.precision);
  return result;
}

}  // namespace

const at::Tensor& PassContext::Allowed() const {
  if (!allowed.defined()) allowed = AllowedKeys(batch, first + length, docs, device, first);
  return allowed;
}

AttentionResult Attend(const PassContext& pass, const AttentionWeights& weights, int64_t layer, int64_t k,
                       const at::Tensor& x) {
  const bool indexed = weights.index_q.defined();
  const Regime regime = RegimeOf(pass, k, indexed);
  const bool fused = IsFusable(pass, regime, indexed);
  return fused ? AttendFused(pass, weights, regime, layer, k, x) : AttendComposite(pass, weights, regime, layer, k, x);
}

}  // namespace plasa::trainer
