#include "trainer/spec.h"

#include <cmath>

#include "trainer/json_value.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kMostIds = 65536;
constexpr size_t kMostBytes = 16 << 20;  // of spec.json

const Value* Find(const Value::Object& object, std::string_view key) {
  const auto it = object.find(key);
  return it == object.end() || it->second.IsNull() ? nullptr : &it->second;
}

bool Has(const Value& params, std::string_view key) {
  return params.Is<Value::Object>() && Find(params.As<Value::Object>(), key) != nullptr;
}

Error Wrong(const std::string& key, const std::string& what) {
  return Error{what, "spec.json: " + key, "see docs/trainer-interface.md"};
}

// Leaves `out` alone if the member is absent.
template <class T>
Outcome ReadMember(const Value::Object& spec, const std::string& key, const std::string& kind, T* out) {
  const Value* value = Find(spec, key);
  if (value == nullptr) return std::nullopt;
  if (!value->Is<T>()) return Wrong(key, value->CanonicalJson() + " is not " + kind);
  *out = value->As<T>();
  return std::nullopt;
}

Outcome ReadSeconds(const Value::Object& spec, double* out) {
  const Value* value = Find(spec, "checkpoint_every_s");
  if (value == nullptr) return std::nullopt;
  if (!value->IsNumber() || !(value->Number() >= 0) || !std::isfinite(value->Number())) {
    return Wrong("checkpoint_every_s", value->CanonicalJson() + " is not a number of seconds");
  }
  *out = value->Number();
  return std::nullopt;
}

Outcome ReadResume(const Value::Object& spec, std::optional<ResumePoint>* out) {
  const Value* value = Find(spec, "resume");
  if (value == nullptr) return std::nullopt;
  if (!value->Is<Value::Object>()) return Wrong("resume", "is not an object");
  ResumePoint point;
  const auto& object = value->As<Value::Object>();
  if (auto error = ReadMember(object, "path", "text", &point.path)) return error;
  if (auto error = ReadMember(object, "digest", "text", &point.digest)) return error;
  if (auto error = ReadMember(object, "step", "a whole number", &point.step)) return error;
  if (point.path.empty() || point.digest.size() != 64 || point.step < 0) {
    return Wrong("resume", "needs path, digest (64 hexadecimal digits) and step");
  }
  *out = std::move(point);
  return std::nullopt;
}

// The run's parameters with what the slot adds: threads and device where params leave them open.
Result<Value> ParamsOfSlot(const Value::Object& spec, const Value& params) {
  Value::Object merged = params.As<Value::Object>();
  for (const char* key : {"threads", "device"}) {
    const Value* value = Find(spec, key);
    if (value != nullptr) merged.try_emplace(key, *value);
  }
  return Value(std::move(merged));
}

Outcome ReadParams(const Value::Object& spec, RunSpec* run) {
  const Value* params = Find(spec, "params");
  if (params == nullptr || !params->Is<Value::Object>()) return Wrong("params", "is missing or no object");
  run->params = *params;
  auto merged = ParamsOfSlot(spec, *params);
  auto config = ResolveConfig(*merged);
  if (!config) return config.error();
  run->config = std::move(*config);
  return std::nullopt;
}

Outcome ReadData(const Value::Object& spec, RunSpec* run) {
  const Value* data = run->config.data.IsNull() ? Find(spec, "data") : &run->config.data;
  auto parsed = ParseDataSpec(data != nullptr ? *data : Value(Value::Object{{"corpus", "kjv"}}));
  if (!parsed) return parsed.error();
  run->data = std::move(*parsed);
  return std::nullopt;
}

Outcome ReadAll(const Value::Object& spec, RunSpec* run) {
  int64_t version = 1;
  std::string dir;
  if (auto error = ReadMember(spec, "v", "a whole number", &version)) return error;
  if (version != 1) return Wrong("v", "version " + std::to_string(version) + " is not known to this trainer");
  if (auto error = ReadMember(spec, "dir", "a path", &dir)) return error;
  if (!dir.empty()) run->dir = dir;
  if (auto error = ReadMember(spec, "trial", "text", &run->trial)) return error;
  if (auto error = ReadMember(spec, "inexact", "true or false", &run->inexact)) return error;
  if (auto error = ReadSeconds(spec, &run->checkpoint_every_s)) return error;
  if (auto error = ReadResume(spec, &run->resume)) return error;
  if (auto error = ReadParams(spec, run)) return error;
  return ReadData(spec, run);
}

}  // namespace

Result<RunSpec> ReadRunSpec(const std::filesystem::path& file) {
  auto json = ReadJsonFile(file.string(), kMostBytes);
  if (!json) return json.error();
  if (!json->Is<Value::Object>()) return Error{"is not a JSON object", file.string(), "see docs/trainer-interface.md"};
  RunSpec run;
  run.dir = std::filesystem::absolute(file).parent_path();
  if (auto error = ReadAll(json->As<Value::Object>(), &run)) return *error;
  return run;
}

WindowOptions WindowOptionsOf(const Config& config) {
  return {config.seq_len,
          config.target_rule == TargetRule::kShifted,
          static_cast<uint64_t>(config.seed),
          static_cast<uint64_t>(config.split_seed),
          config.val_fraction,
          config.ref_overlap_split};
}

Result<std::optional<TextEncoder>> TokenizerOf(const Config& config) {
  if (config.tokenizer.empty()) return std::optional<TextEncoder>();
  auto encoder = OpenTextEncoder(config.tokenizer);
  if (!encoder) return Error{encoder.error().what, "tokenizer: " + encoder.error().where, encoder.error().mend};
  if (encoder->largest_id < kMostIds) return std::optional(std::move(*encoder));
  return Error{"has ids up to " + std::to_string(encoder->largest_id) + ", a run takes them up to " +
                   std::to_string(kMostIds - 1),
               "tokenizer: " + config.tokenizer, "take a smaller tokenizer"};
}

Result<Config> WithVocabularyOf(const RunSpec& spec, int64_t data_vocabulary) {
  Config config = spec.config;
  if (Has(spec.params, "vocab_size")) {
    if (config.vocab_size >= data_vocabulary) return config;
    return Error{"is " + std::to_string(config.vocab_size) + ", but the data have ids up to " +
                     std::to_string(data_vocabulary - 1),
                 "vocab_size", "leave it out, or raise it"};
  }
  const bool takes_over = !Has(spec.params, "preset") || spec.params.As<Value::Object>().at("preset") == Value("exp3");
  config.vocab_size = takes_over ? data_vocabulary : std::max(config.vocab_size, data_vocabulary);
  if (config.vocab_size <= kMostIds) return config;
  return Error{"the data need " + std::to_string(config.vocab_size) + " ids, more than " + std::to_string(kMostIds),
               "vocab_size", "take other data"};
}

}  // namespace plasa::trainer
