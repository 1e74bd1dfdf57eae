#include "trainer/result_record.h"

#include "common/base/sha256.h"
#include "common/experiment/flops.h"
#include "common/experiment/results_version.h"
#include "common/experiment/schedule.h"

namespace plasa::trainer {
namespace {

Value FlopsValue(const Config& config) {
  const Flops flops = FlopsOf(config, config.seq_len, config.batch_size);
  return Value::Object{{"qkvo", flops.qkvo},
                       {"ffn", flops.ffn},
                       {"attn", flops.attn},
                       {"index_proj", flops.index_proj},
                       {"index_score", flops.index_score},
                       {"head", flops.head},
                       {"forward", flops.forward},
                       {"train_step", flops.train_step}};
}

Value ParametersValue(const Config& config) {
  const ParameterCount count = CountParameters(config);
  return Value::Object{
      {"total", count.total}, {"indexer", count.indexer}, {"embedding", count.embedding}, {"other", count.other}};
}

Value BestValue(const History& history) {
  const CurvePoint* best = history.Best();
  if (best == nullptr) return {};
  return Value::Object{{"step", best->step}, {"val_loss", best->val_loss}};
}

Value DataValue(const DataFacts& data) {
  Value::Object value{{"name", data.name}, {"digest", data.digest}, {"unused_tail", data.unused_tail}};
  if (data.loss_floor >= 0) value["loss_floor"] = data.loss_floor;
  if (!data.note.empty()) value["note"] = data.note;
  value["tokenizer"] = TokenizerValue(data);
  return value;
}

void AddQuality(const RunOutcome& run, Value::Object* record) {
  const auto bits = run.validation.BitsPerByte();
  (*record)["val_loss"] = run.validation.Loss();
  (*record)["val_accuracy"] = run.validation.Accuracy();
  (*record)["ppl"] = run.validation.Perplexity();
  (*record)["score"] = run.validation.Score();
  (*record)["bits_per_byte"] = bits ? Value(*bits) : Value();
  (*record)["eval_targets"] = run.validation.targets();
  (*record)["train_eval_loss"] = run.train.Loss();
  (*record)["gap"] = run.validation.Loss() - run.train.Loss();
  (*record)["best"] = BestValue(run.history);
  const Value details = run.validation.Details();
  for (const auto& [key, value] : details.As<Value::Object>()) (*record)[key] = value;
}

void AddModel(const RunOutcome& run, Value::Object* record) {
  const Config& config = run.config;
  const auto keys = LayerKeys(config, config.seq_len);
  (*record)["config"] = ConfigValue(config);
  (*record)["config_hash"] = ConfigHash(config);
  (*record)["layer_k"] = Value::List(keys.begin(), keys.end());
  (*record)["layers"] = run.layers;
  (*record)["parameters"] = CountParameters(config).total;
  (*record)["parameter_groups"] = ParametersValue(config);
  (*record)["flops"] = FlopsValue(config);
  (*record)["tokens_trained"] = config.steps * config.batch_size * config.seq_len;
  (*record)["epochs"] = run.epochs;
}

}  // namespace

std::string ConfigHash(const Config& config) {
  const Config defaults;
  Config what = config;
  what.threads = defaults.threads;
  what.device = defaults.device;
  what.checkpoint_every = defaults.checkpoint_every;
  // A key that came later leaves no trace while it is off: checkpoints from before it can still be resumed.
  Value value = ConfigValue(what);
  value.As<Value::Object>().erase("canary");
  if (what.select_block == defaults.select_block) value.As<Value::Object>().erase("select_block");
  return Sha256Hex(value.CanonicalJson());
}

Value::List ReasonList(const std::vector<std::string>& reasons) { return Value::List(reasons.begin(), reasons.end()); }

Value TokenizerValue(const DataFacts& data) {
  if (data.tokenizer.empty()) return {};
  Value::Object value{{"name", data.tokenizer}};
  if (!data.tokenizer_sha256.empty()) value["sha256"] = data.tokenizer_sha256;
  return value;
}

Value AuditValue(const AuditResult& audit) {
  return Value::Object{{"number", audit.number},
                       {"name", audit.name},
                       {"passed", audit.passed},
                       {"figure", audit.figure},
                       {"message", audit.message}};
}

Value::Object FinalMetrics(const RunOutcome& run) {
  Value::Object metrics{{"val/loss", run.validation.Loss()},
                        {"val/accuracy", run.validation.Accuracy()},
                        {"val/ppl", run.validation.Perplexity()},
                        {"train/loss", run.history.last_train_loss},
                        {"train_eval/loss", run.train.Loss()}};
  if (const auto bits = run.validation.BitsPerByte()) metrics["val/bits_per_byte"] = *bits;
  return metrics;
}

Value ResultRecord(const RunOutcome& run) {
  Value::Object record;
  AddQuality(run, &record);
  AddModel(run, &record);
  record["data"] = DataValue(run.data);
  record["training_curves"] = run.history.Curves();
  record["time_per_step"] = run.history.MedianStepSeconds();
  record["time_split"] = run.time_split;
  record["peak_memory_bytes"] = run.peak_memory_bytes;
  record["valid"] = run.invalid_reasons.empty();
  record["invalid_reasons"] = ReasonList(run.invalid_reasons);
  record["results_version"] = kResultsVersion;
  Value::List audits;
  for (const AuditResult& audit : run.audits) audits.push_back(AuditValue(audit));
  record["audits"] = std::move(audits);
  return record;
}

}  // namespace plasa::trainer
