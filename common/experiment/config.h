// What one run is: every key of its configuration, with defaults, presets and checks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/value.h"
#include "common/experiment/config_enums.h"

namespace plasa {

// A flat set of keys; member names are the keys. A value of this type that came out of ResolveConfig is consistent:
// ranges are checked, n_kv_heads, indexer_rope_dim and batch_size hold their effective values. Plain data, no thread
// rules.
struct Config {
  Mode mode = Mode::kStrict;
  Arch arch = Arch::kExp3;
  int64_t seed = 42;
  int64_t vocab_size = 257;
  int64_t d_model = 256, n_layers = 6, n_heads = 8;
  int64_t n_kv_heads = 0;  // 0 = n_heads
  int64_t d_ff = 512, n_experts = 4, experts_per_token = 2, moe_d_ff = 256;
  double norm_eps = 0x1p-23, rope_base = 10000;
  bool tied_head = true;
  double attn_dropout = 0.1, resid_dropout = 0.1, expert_dropout = 0.1;
  double router_noise = 0.1, aux_weight = 0.01, init_std = 0.02;
  int64_t seq_len = 256, batch_size = 8, steps = 1000;
  TargetRule target_rule = TargetRule::kNext;
  bool doc_mask = false;
  std::string schedule = "progressive_sparse";
  Thirds thirds = Thirds::kDocumented;
  std::string schedule_match = "progressive_sparse";
  std::string schedule_perm;
  std::vector<double> schedule_ratios;
  std::vector<int64_t> schedule_k;
  Selector selector = Selector::kIndexer;
  int64_t select_block = 0;  // keys of a block of selector block
  bool force_self = false;
  KMode k_mode = KMode::kFixed;
  double entropy_lo = 0.5, entropy_hi = 1.5;
  int64_t soft_width = 8;
  double k_budget_weight = 0.01;
  int64_t pat_local = 0, pat_dilation = 1, pat_dilated = 0, pat_global = 0;
  PatBudget pat_budget = PatBudget::kInside;
  int64_t indexer_heads = 4, indexer_dim = 64;
  int64_t indexer_rope_dim = -1;  // -1 = floor(indexer_dim / 2)
  bool indexer_norm = true, indexer_scale = true;
  IndexerLoss indexer_loss = IndexerLoss::kSparseKl;
  double indexer_coef = 1;
  KlRows kl_rows = KlRows::kAll;
  int64_t dense_warmup_steps = 100;
  Optimizer optimizer = Optimizer::kAdam;
  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0, clip = 1;
  LrSchedule lr_schedule = LrSchedule::kCosine;
  int64_t warmup_steps = 100;
  double lr_min_ratio = 0.1;
  double indexer_lr = 1e-3, indexer_clip = 1;
  // One flag a historical defect; strict runs leave them alone.
  bool ref_leak = false;
  RefTies ref_ties = RefTies::kLowest;
  bool ref_freeze_indexer = false, ref_indexer_plain = false, ref_embed_init = false, ref_linear_init = false;
  bool ref_aux_twice = false, ref_overlap_split = false, ref_loss_128_127 = false, ref_baseline_no_mask = false;
  int64_t ref_k_from_max_pos = 0;
  bool ref_pad_row0 = false, ref_shared_gate = false;
  // Run-level: not part of the model.
  Value data;  // null = as the sweep says
  std::string tokenizer;
  int64_t split_seed = 0;
  double val_fraction = 0.1;
  int64_t eval_every = 200, eval_max_targets = 131072;
  bool equal_tokens = true;  // batch_size = max(1, 2048 / seq_len)
  Precision precision = Precision::kF32;
  std::string device = "cpu";
  int64_t threads = 1;
  int64_t checkpoint_every = 0;  // steps; 0 = by time only
  bool canary = false;           // audit 4 is due too, in a small copy of the run

  [[nodiscard]] int64_t head_dim() const { return d_model / n_heads; }
  // Targets of one window.
  [[nodiscard]] int64_t targets_per_window() const { return target_rule == TargetRule::kNext ? seq_len : seq_len - 1; }
};

// Configuration of `params`: an object of keys above; "preset" is applied first, then the other keys. A given
// batch_size turns equal_tokens off unless equal_tokens is given too. Fails, naming the key, on unknown keys, wrong
// types and values out of range.
[[nodiscard]] Result<Config> ResolveConfig(const Value& params);

// All keys and values of a resolved configuration, and their canonical text (sorted keys, no spaces).
[[nodiscard]] Value ConfigValue(const Config& config);
[[nodiscard]] std::string CanonicalJson(const Config& config);

// Names of every key, in order of declaration, and of every preset.
[[nodiscard]] std::vector<std::string> ConfigKeys();
[[nodiscard]] std::vector<std::string> PresetNames();

// Why the result of such a run supports no claim: "mode" and each ref_* flag that is not at its default. Empty = valid.
[[nodiscard]] std::vector<std::string> InvalidReasons(const Config& config);

}  // namespace plasa
