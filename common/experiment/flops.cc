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

// The same in block selection: the first query of a block scores all earlier blocks but the first where there is a
// choice, and the index loss the pairs that were selected.
int64_t BlockScores(const Config& c, int64_t k, int64_t length) {
  const int64_t block = c.select_block;
  int64_t pairs = 0;
  for (int64_t own = BlockBudget(k, block); own * block < length; ++own) pairs += (own - 1) * block;
  if (c.indexer_loss != IndexerLoss::kSparseKl) return pairs;
  const int64_t unlearned = c.kl_rows == KlRows::kAll ? 0 : BlockPairs(k, block, std::min(k, length));
  return pairs + BlockPairs(k, block, length) - unlearned;
}

// Pairs the indexer scores: rows that see everything need no score unless the index loss covers all rows.
int64_t IndexedPairs(const Config& c, int64_t k, int64_t length) {
  const bool kl = c.indexer_loss == IndexerLoss::kDenseKl || c.indexer_loss == IndexerLoss::kSparseKl;
  const int64_t all = length * (length + 1) / 2;
  if (c.selector == Selector::kBlock && c.indexer_loss != IndexerLoss::kDenseKl) return BlockScores(c, k, length);
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
    f.attn += 4 * c.n_heads * hd * batch * SelectedPairs(k, c.select_block, length);
    if (!HasIndexer(c, k, length)) continue;
    f.index_proj += 2 * tokens * d * (c.indexer_heads * c.indexer_dim + c.indexer_dim + c.indexer_heads);
    f.index_score += (2 * c.indexer_heads * c.indexer_dim + 3 * c.indexer_heads) * batch * IndexedPairs(c, k, length);
  }
  const int64_t main = f.qkvo + f.ffn + f.attn + f.head;
  const bool trained = c.indexer_loss != IndexerLoss::kOff && LearnsIndexer(c.selector) && !c.ref_freeze_indexer;
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
