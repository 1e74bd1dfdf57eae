#include "common/experiment/flops.h"

#include "common/experiment/parameters.h"
#include "common/experiment/schedule.h"

namespace plasa {
namespace {

int64_t FeedForwardFlops(const Config& c, int64_t layer, int64_t tokens) {
  const int64_t d = c.d_model;
  if (!IsMixture(c, layer)) return 2 * tokens * 3 * d * c.d_ff;
  const int64_t expert = c.arch == Arch::kExp3 ? 2 * d * c.d_ff : 3 * d * c.moe_d_ff;
  return 2 * tokens * (d * c.n_experts + c.experts_per_token * expert);
}

// Pairs the indexer scores: rows that see everything need no score unless the index loss covers all rows.
int64_t IndexedPairs(const Config& c, int64_t k, int64_t length) {
  const bool kl = c.indexer_loss == IndexerLoss::kDenseKl || c.indexer_loss == IndexerLoss::kSparseKl;
  const int64_t all = length * (length + 1) / 2;
  return kl && c.kl_rows == KlRows::kAll ? all : all - k * (k + 1) / 2;
}

}  // namespace

Flops FlopsOf(const Config& c, int64_t length, int64_t batch) {
  const int64_t d = c.d_model;
  const int64_t hd = c.head_dim();
  const int64_t tokens = batch * length;
  Flops f;
  f.head = 2 * tokens * d * c.vocab_size;
  const auto keys = LayerKeys(c, length);
  for (int64_t i = 0; i < c.n_layers; ++i) {
    const int64_t k = keys[i];
    f.qkvo += 2 * tokens * d * ((c.n_heads + 2 * c.n_kv_heads) * hd + c.n_heads * hd);
    f.ffn += FeedForwardFlops(c, i, tokens);
    f.attn += 4 * c.n_heads * hd * batch * Pairs(k, length);
    if (!HasIndexer(c, k, length)) continue;
    f.index_proj += 2 * tokens * d * (c.indexer_heads * c.indexer_dim + c.indexer_dim + c.indexer_heads);
    f.index_score += (2 * c.indexer_heads * c.indexer_dim + 3 * c.indexer_heads) * batch * IndexedPairs(c, k, length);
  }
  const int64_t main = f.qkvo + f.ffn + f.attn + f.head;
  const bool trained = c.indexer_loss != IndexerLoss::kOff && c.selector == Selector::kIndexer && !c.ref_freeze_indexer;
  f.forward = main + f.index_proj + f.index_score;
  f.train_step = 3 * main + (trained ? 2 * f.index_proj + 3 * f.index_score : f.index_proj + f.index_score);
  return f;
}

ParameterCount CountParameters(const Config& c) {
  ParameterCount count;
  for (const ParameterSpec& spec : ParameterSpecs(c)) {
    const int64_t n = spec.size();
    count.total += n;
    if (spec.name.find(".indexer.") != std::string::npos) count.indexer += n;
    if (spec.name == "embed.weight" || spec.name == "lm_head.weight") count.embedding += n;
  }
  count.other = count.total - count.indexer - count.embedding;
  return count;
}

}  // namespace plasa
