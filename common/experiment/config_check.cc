#include <algorithm>
#include <limits>

#include "common/base/number_text.h"
#include "common/experiment/config_fields.h"
#include "common/experiment/schedule.h"

namespace plasa {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Collects the first thing that is wrong.
class Checker {
 public:
  void Range(const char* key, double value, double low, double high) {
    if (value >= low && value <= high) return;
    Fail(key, high == kInfinity
                  ? "must be at least " + NumberText(low) + ", not " + NumberText(value)
                  : "must lie in " + NumberText(low) + ".." + NumberText(high) + ", not " + NumberText(value));
  }
  void Probability(const char* key, double value) {
    if (!(value >= 0 && value < 1)) Fail(key, "must lie in [0, 1), not " + NumberText(value));
  }
  void Positive(const char* key, double value) {
    if (!(value > 0)) Fail(key, "must be above 0, not " + NumberText(value));
  }
  void Require(bool ok, const char* key, const std::string& what, const std::string& mend = "") {
    if (!ok) Fail(key, what, mend);
  }
  [[nodiscard]] bool failed() const { return error_.has_value(); }
  [[nodiscard]] Outcome outcome() const { return error_; }

 private:
  void Fail(const char* key, const std::string& what, const std::string& mend = "") {
    if (!error_) error_ = Error{what, key, mend};
  }
  Outcome error_;
};

void CheckShape(const Config& c, Checker& k) {
  k.Range("seed", static_cast<double>(c.seed), 0, kInfinity);
  k.Range("vocab_size", static_cast<double>(c.vocab_size), 2, 65536);
  k.Range("d_model", static_cast<double>(c.d_model), 2, 16384);
  k.Range("n_layers", static_cast<double>(c.n_layers), 1, 256);
  k.Range("n_heads", static_cast<double>(c.n_heads), 1, 256);
  k.Range("d_ff", static_cast<double>(c.d_ff), 1, 65536);
  k.Range("moe_d_ff", static_cast<double>(c.moe_d_ff), 1, 65536);
  k.Range("n_experts", static_cast<double>(c.n_experts), 1, 1024);
  if (k.failed()) return;
  k.Require(c.d_model % c.n_heads == 0, "n_heads",
            std::to_string(c.n_heads) + " heads do not divide d_model " + std::to_string(c.d_model),
            "choose a divisor of d_model");
  k.Require(c.d_model / c.n_heads % 2 == 0, "n_heads", "d_model / n_heads must be even, rotary positions turn pairs");
  k.Require(c.n_kv_heads >= 1 && c.n_kv_heads <= c.n_heads && c.n_heads % std::max<int64_t>(1, c.n_kv_heads) == 0,
            "n_kv_heads", "must divide n_heads " + std::to_string(c.n_heads) + ", not " + std::to_string(c.n_kv_heads));
  k.Range("experts_per_token", static_cast<double>(c.experts_per_token), 1, static_cast<double>(c.n_experts));
  k.Range("seq_len", static_cast<double>(c.seq_len), 2, 1 << 20);
  k.Range("batch_size", static_cast<double>(c.batch_size), 1, 1 << 20);
}

void CheckTraining(const Config& c, Checker& k) {
  k.Range("steps", static_cast<double>(c.steps), 1, 4e9);
  k.Positive("norm_eps", c.norm_eps);
  k.Range("rope_base", c.rope_base, 1, kInfinity);
  k.Probability("attn_dropout", c.attn_dropout);
  k.Probability("resid_dropout", c.resid_dropout);
  k.Probability("expert_dropout", c.expert_dropout);
  k.Range("router_noise", c.router_noise, 0, kInfinity);
  k.Range("aux_weight", c.aux_weight, 0, kInfinity);
  k.Range("init_std", c.init_std, 0, kInfinity);
  k.Positive("lr", c.lr);
  k.Positive("indexer_lr", c.indexer_lr);
  k.Probability("beta1", c.beta1);
  k.Probability("beta2", c.beta2);
  k.Positive("eps", c.eps);
  k.Range("weight_decay", c.weight_decay, 0, kInfinity);
  k.Range("clip", c.clip, 0, kInfinity);
  k.Range("indexer_clip", c.indexer_clip, 0, kInfinity);
  k.Range("warmup_steps", static_cast<double>(c.warmup_steps), 0, kInfinity);
  k.Range("lr_min_ratio", c.lr_min_ratio, 0, 1);
  k.Range("dense_warmup_steps", static_cast<double>(c.dense_warmup_steps), 0, kInfinity);
}

void CheckScheduleName(const char* key, const std::string& name, bool composed, Checker& k) {
  std::vector<std::string> known = ScheduleNames();
  if (composed) known.insert(known.end(), {"explicit_k", "explicit_ratios", "matched_uniform"});
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  const std::string near = Nearest(name, known);
  k.Require(false, key, "unknown schedule " + name,
            near.empty() ? "plasactl schedule lists them" : "did you mean " + near + "?");
}

void CheckSchedule(const Config& c, Checker& k) {
  CheckScheduleName("schedule", c.schedule, true, k);
  CheckScheduleName("schedule_match", c.schedule_match, false, k);
  std::string sorted = c.schedule_perm;
  std::sort(sorted.begin(), sorted.end());
  k.Require(sorted.empty() || sorted == "ELM", "schedule_perm", "must be a permutation of EML, not " + c.schedule_perm);
  const auto layers = static_cast<size_t>(c.n_layers);
  if (c.schedule == "explicit_k") {
    k.Require(c.schedule_k.size() == layers, "schedule_k",
              "needs one entry per layer (" + std::to_string(layers) + ")");
  }
  if (c.schedule == "explicit_ratios") {
    k.Require(c.schedule_ratios.size() == layers, "schedule_ratios",
              "needs one entry per layer (" + std::to_string(layers) + ")");
  }
  for (const double r : c.schedule_ratios) {
    k.Require(r > 0 && r <= 1, "schedule_ratios", "a ratio must lie in (0, 1], not " + NumberText(r));
  }
  for (const int64_t x : c.schedule_k) k.Range("schedule_k", static_cast<double>(x), 1, kInfinity);
}

void CheckIndexer(const Config& c, Checker& k) {
  k.Range("indexer_heads", static_cast<double>(c.indexer_heads), 1, 256);
  k.Range("indexer_dim", static_cast<double>(c.indexer_dim), 1, 4096);
  k.Range("indexer_rope_dim", static_cast<double>(c.indexer_rope_dim), 0, static_cast<double>(c.indexer_dim));
  k.Require(c.indexer_rope_dim % 2 == 0, "indexer_rope_dim", "must be even, not " + std::to_string(c.indexer_rope_dim),
            "set indexer_rope_dim, its default is half of indexer_dim");
  k.Range("indexer_coef", c.indexer_coef, 0, kInfinity);
  k.Range("entropy_lo", c.entropy_lo, 0, kInfinity);
  k.Range("entropy_hi", c.entropy_hi, c.entropy_lo, kInfinity);
  k.Range("soft_width", static_cast<double>(c.soft_width), 1, kInfinity);
  k.Range("k_budget_weight", c.k_budget_weight, 0, kInfinity);
  k.Range("pat_local", static_cast<double>(c.pat_local), 0, kInfinity);
  k.Range("pat_dilation", static_cast<double>(c.pat_dilation), 1, kInfinity);
  k.Range("pat_dilated", static_cast<double>(c.pat_dilated), 0, kInfinity);
  k.Range("pat_global", static_cast<double>(c.pat_global), 0, kInfinity);
  k.Range("ref_k_from_max_pos", static_cast<double>(c.ref_k_from_max_pos), 0, kInfinity);
  const bool indexed = UsesIndexer(c.selector);
  k.Require(c.k_mode == KMode::kFixed || indexed, "k_mode", "needs scores of an indexer", "set selector to indexer");
  k.Require(!c.ref_leak || indexed, "ref_leak", "needs an indexer", "set selector to indexer");
}

void CheckBlocks(const Config& c, Checker& k) {
  if (c.selector != Selector::kBlock) {
    k.Require(c.select_block == 0, "select_block",
              "is the size of blocks, which selector " + std::string(EnumWord(c.selector)) + " does not choose",
              "set selector to block, or select_block to 0");
    return;
  }
  k.Require(c.select_block == 16 || c.select_block == 32 || c.select_block == 64, "select_block",
            "must be 16, 32 or 64 with selector block, not " + std::to_string(c.select_block));
  const auto refuse = [&k](bool wrong, const char* key, const std::string& mend) {
    k.Require(!wrong, key, "cannot be combined with selector block, which chooses whole blocks of keys", mend);
  };
  refuse(c.mode != Mode::kStrict, "mode", "set mode to strict");
  refuse(c.ref_leak, "ref_leak", "set ref_leak to false");
  refuse(c.k_mode != KMode::kFixed, "k_mode", "set k_mode to fixed");
  refuse(c.force_self, "force_self", "leave it out: a query's own block is always kept");
  refuse(c.pat_local > 0, "pat_local", "set pat_local to 0");
  refuse(c.pat_dilated > 0, "pat_dilated", "set pat_dilated to 0");
  refuse(c.pat_global > 0, "pat_global", "leave it out: the first block is always kept");
  refuse(c.doc_mask, "doc_mask", "set doc_mask to false");
  refuse(c.indexer_loss == IndexerLoss::kBias, "indexer_loss", "set indexer_loss to sparse_kl, dense_kl or off");
}

void CheckRun(const Config& c, Checker& k) {
  k.Range("split_seed", static_cast<double>(c.split_seed), 0, kInfinity);
  k.Range("val_fraction", c.val_fraction, 0, 1);
  k.Range("eval_every", static_cast<double>(c.eval_every), 1, kInfinity);
  k.Range("eval_max_targets", static_cast<double>(c.eval_max_targets), 1, kInfinity);
  k.Range("threads", static_cast<double>(c.threads), 1, 1024);
  k.Range("checkpoint_every", static_cast<double>(c.checkpoint_every), 0, kInfinity);
}

}  // namespace

Outcome CheckConfig(const Config& config) {
  Checker checker;
  CheckShape(config, checker);
  CheckTraining(config, checker);
  CheckSchedule(config, checker);
  CheckIndexer(config, checker);
  CheckBlocks(config, checker);
  CheckRun(config, checker);
  return checker.outcome();
}

}  // namespace plasa
