#include "common/experiment/config_fields.h"

namespace plasa {
namespace {

using Object = Value::Object;

Object With(Object base, const Object& over) {
  for (const auto& [key, value] : over) base[key] = value;
  return base;
}

Object Benchmark() {
  return {{"arch", "plasa-benchmark"},
          {"d_model", 128},
          {"n_layers", 4},
          {"n_heads", 4},
          {"d_ff", 512},
          {"moe_d_ff", 256},
          {"norm_eps", 1e-6},
          {"tied_head", false},
          {"attn_dropout", 0.1},
          {"resid_dropout", 0.0},
          {"expert_dropout", 0.0},
          {"router_noise", 0.0},
          {"aux_weight", 0.0},
          {"seq_len", 128},
          {"batch_size", 2},
          {"equal_tokens", false},
          {"target_rule", "shifted"},
          {"indexer_heads", 4},
          {"indexer_dim", 32},
          {"optimizer", "adamw"},
          {"lr", 3e-4},
          {"beta2", 0.95},
          {"weight_decay", 0.1},
          {"clip", 1.0},
          {"lr_schedule", "constant"},
          {"warmup_steps", 0}};
}

// What the two historical programs had in common.
Object Historical() {
  return {{"mode", "reference_cuda"},
          {"thirds", "upstream"},
          {"ref_leak", true},
          {"ref_freeze_indexer", true},
          {"ref_indexer_plain", true},
          {"ref_embed_init", true},
          {"ref_linear_init", true},
          {"ref_overlap_split", true},
          {"indexer_loss", "off"},
          {"dense_warmup_steps", 0},
          {"clip", 0.0},
          {"lr_schedule", "constant"},
          {"warmup_steps", 0},
          {"equal_tokens", false}};
}

Object LongContext(int length) {
  return {{"seq_len", length},    {"batch_size", 1},          {"equal_tokens", false},
          {"rope_base", 50000.0}, {"schedule", "explicit_k"}, {"schedule_k", Value::List(6, Value(256))},
          {"indexer_heads", 2},   {"indexer_dim", 16}};
}

// exp3 on bytes, small enough for a laptop; no claim is drawn from it.
Object Demo() {
  return {{"vocab_size", 257},
          {"d_model", 64},
          {"n_heads", 4},
          {"d_ff", 128},
          {"n_layers", 6},
          {"indexer_heads", 2},
          {"indexer_dim", 16},
          {"steps", 150},
          {"eval_every", 50},
          {"dense_warmup_steps", 15},
          {"warmup_steps", 15},
          {"threads", 1},
          {"eval_max_targets", 16384},
          {"lr", 2e-3}};
}

const std::map<std::string, Object>& Presets() {
  static const std::map<std::string, Object> presets = {
      {"exp3", {}},
      {"exp3-small-vocab", {{"vocab_size", 4096}}},
      {"mqa", {{"n_kv_heads", 1}}},
      {"demo", Demo()},
      {"plasa-benchmark", Benchmark()},
      {"long-4k", LongContext(4096)},
      {"long-8k", LongContext(8192)},
      {"long-16k", LongContext(16384)},
      {"reference", With(Historical(), {{"ref_aux_twice", true}, {"lr", 3e-3}})},
      {"reference-benchmark", With(With(Benchmark(), Historical()), {{"ref_loss_128_127", true},
                                                                     {"ref_k_from_max_pos", 512},
                                                                     {"ref_pad_row0", true},
                                                                     {"ref_shared_gate", true},
                                                                     {"clip", 1.0}})},
  };
  return presets;
}

}  // namespace

const Value::Object* FindPreset(const std::string& name) {
  const auto it = Presets().find(name);
  return it == Presets().end() ? nullptr : &it->second;
}

std::vector<std::string> PresetNames() {
  std::vector<std::string> names;
  for (const auto& [name, keys] : Presets()) names.push_back(name);
  return names;
}

}  // namespace plasa
