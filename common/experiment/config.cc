#include "common/experiment/config.h"

#include <algorithm>

#include "common/experiment/config_fields.h"

namespace plasa {
namespace {

Outcome ApplyPreset(Config& config, const Value& name) {
  if (!name.Is<std::string>()) return Error{"must be the name of a preset", "preset", ""};
  const Value::Object* preset = FindPreset(name.As<std::string>());
  if (!preset) {
    const std::string near = Nearest(name.As<std::string>(), PresetNames());
    return Error{"unknown preset " + name.As<std::string>(), "preset",
                 near.empty() ? "" : "did you mean " + near + "?"};
  }
  for (const auto& [key, value] : *preset) {
    if (Outcome o = SetKey(config, key, value)) return o;
  }
  return std::nullopt;
}

// Windows of a step: equal tokens at every length, or the batch sizes of the historical exp3 runs, or as given.
void ResolveBatch(Config& c, const Value::Object& given) {
  if (given.contains("batch_size") && !given.contains("equal_tokens")) c.equal_tokens = false;
  if (c.equal_tokens) {
    c.batch_size = std::max<int64_t>(1, 2048 / std::max<int64_t>(1, c.seq_len));
  } else if (c.mode != Mode::kStrict && c.arch == Arch::kExp3 && !given.contains("batch_size")) {
    c.batch_size = c.seq_len <= 256 ? 8 : c.seq_len <= 512 ? 4 : 2;
  }
}

void ResolveIndexer(Config& c) {
  if (c.ref_indexer_plain) {
    c.indexer_norm = false;
    c.indexer_scale = false;
    c.indexer_rope_dim = 0;
  }
  if (c.indexer_rope_dim == -1) c.indexer_rope_dim = c.indexer_dim / 2;
}

}  // namespace

Result<Config> ResolveConfig(const Value& params) {
  if (!params.Is<Value::Object>()) return Error{"parameters must be an object of keys", "params", ""};
  const auto& given = params.As<Value::Object>();
  Config config;
  if (const auto it = given.find("preset"); it != given.end()) {
    if (Outcome o = ApplyPreset(config, it->second)) return *o;
  }
  for (const auto& [key, value] : given) {
    if (key == "preset") continue;
    if (Outcome o = SetKey(config, key, value)) return *o;
  }
  if (config.n_kv_heads == 0) config.n_kv_heads = config.n_heads;
  ResolveIndexer(config);
  ResolveBatch(config, given);
  if (Outcome o = CheckConfig(config)) return *o;
  return config;
}

}  // namespace plasa
