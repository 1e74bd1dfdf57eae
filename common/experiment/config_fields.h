// The one list of configuration keys.
#pragma once

#include "common/experiment/config.h"

namespace plasa {

// Calls visit("key", config.key) for every key, in order of declaration. `C` is Config or const Config.
template <class C, class Visit>
void VisitConfig(C& c, Visit&& visit) {
#define PLASA_KEY(name) visit(#name, c.name)
  PLASA_KEY(mode);
  PLASA_KEY(arch);
  PLASA_KEY(seed);
  PLASA_KEY(vocab_size);
  PLASA_KEY(d_model);
  PLASA_KEY(n_layers);
  PLASA_KEY(n_heads);
  PLASA_KEY(n_kv_heads);
  PLASA_KEY(d_ff);
  PLASA_KEY(n_experts);
  PLASA_KEY(experts_per_token);
  PLASA_KEY(moe_d_ff);
  PLASA_KEY(norm_eps);
  PLASA_KEY(rope_base);
  PLASA_KEY(tied_head);
  PLASA_KEY(attn_dropout);
  PLASA_KEY(resid_dropout);
  PLASA_KEY(expert_dropout);
  PLASA_KEY(router_noise);
  PLASA_KEY(aux_weight);
  PLASA_KEY(init_std);
  PLASA_KEY(seq_len);
  PLASA_KEY(batch_size);
  PLASA_KEY(steps);
  PLASA_KEY(target_rule);
  PLASA_KEY(doc_mask);
  PLASA_KEY(schedule);
  PLASA_KEY(thirds);
  PLASA_KEY(schedule_match);
  PLASA_KEY(schedule_perm);
  PLASA_KEY(schedule_ratios);
  PLASA_KEY(schedule_k);
  PLASA_KEY(selector);
  PLASA_KEY(select_block);
  PLASA_KEY(force_self);
  PLASA_KEY(k_mode);
  PLASA_KEY(entropy_lo);
  PLASA_KEY(entropy_hi);
  PLASA_KEY(soft_width);
  PLASA_KEY(k_budget_weight);
  PLASA_KEY(pat_local);
  PLASA_KEY(pat_dilation);
  PLASA_KEY(pat_dilated);
  PLASA_KEY(pat_global);
  PLASA_KEY(pat_budget);
  PLASA_KEY(indexer_heads);
  PLASA_KEY(indexer_dim);
  PLASA_KEY(indexer_rope_dim);
  PLASA_KEY(indexer_norm);
  PLASA_KEY(indexer_scale);
  PLASA_KEY(indexer_loss);
  PLASA_KEY(indexer_coef);
  PLASA_KEY(kl_rows);
  PLASA_KEY(dense_warmup_steps);
  PLASA_KEY(optimizer);
  PLASA_KEY(lr);
  PLASA_KEY(beta1);
  PLASA_KEY(beta2);
  PLASA_KEY(eps);
  PLASA_KEY(weight_decay);
  PLASA_KEY(clip);
  PLASA_KEY(lr_schedule);
  PLASA_KEY(warmup_steps);
  PLASA_KEY(lr_min_ratio);
  PLASA_KEY(indexer_lr);
  PLASA_KEY(indexer_clip);
  PLASA_KEY(ref_leak);
  PLASA_KEY(ref_ties);
  PLASA_KEY(ref_freeze_indexer);
  PLASA_KEY(ref_indexer_plain);
  PLASA_KEY(ref_embed_init);
  PLASA_KEY(ref_linear_init);
  PLASA_KEY(ref_aux_twice);
  PLASA_KEY(ref_overlap_split);
  PLASA_KEY(ref_loss_128_127);
  PLASA_KEY(ref_baseline_no_mask);
  PLASA_KEY(ref_k_from_max_pos);
  PLASA_KEY(ref_pad_row0);
  PLASA_KEY(ref_shared_gate);
  PLASA_KEY(data);
  PLASA_KEY(tokenizer);
  PLASA_KEY(split_seed);
  PLASA_KEY(val_fraction);
  PLASA_KEY(eval_every);
  PLASA_KEY(eval_max_targets);
  PLASA_KEY(equal_tokens);
  PLASA_KEY(precision);
  PLASA_KEY(device);
  PLASA_KEY(threads);
  PLASA_KEY(checkpoint_every);
  PLASA_KEY(canary);
#undef PLASA_KEY
}

// Applies one key. Fails on an unknown key (with the nearest known one) or a value of the wrong type.
[[nodiscard]] Outcome SetKey(Config& config, const std::string& key, const Value& value);

// The known word nearest to `word`; empty if none is near.
[[nodiscard]] std::string Nearest(const std::string& word, const std::vector<std::string>& known);

// The keys a preset sets; nullptr if there is no such preset.
[[nodiscard]] const Value::Object* FindPreset(const std::string& name);

// Checks ranges and relations of a configuration whose keys are set; see ResolveConfig.
[[nodiscard]] Outcome CheckConfig(const Config& config);

}  // namespace plasa
