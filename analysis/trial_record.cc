#include "analysis/trial_record.h"

#include <algorithm>
#include <optional>

#include "common/base/number_text.h"

namespace plasa::analysis {
namespace {

const Value* Find(const Value::Object& object, std::string_view key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &found->second;
}

const Value::Object* ObjectAt(const Value::Object& object, std::string_view key) {
  const Value* found = Find(object, key);
  return found != nullptr && found->Is<Value::Object>() ? &found->As<Value::Object>() : nullptr;
}

const Value::List* ListAt(const Value::Object& object, std::string_view key) {
  const Value* found = Find(object, key);
  return found != nullptr && found->Is<Value::List>() ? &found->As<Value::List>() : nullptr;
}

// A number, or one of the texts that stand for a non-finite one.
std::optional<double> NumberAt(const Value::Object& object, std::string_view key) {
  const Value* found = Find(object, key);
  if (found == nullptr) return std::nullopt;
  if (found->IsNumber()) return found->Number();
  return found->Is<std::string>() ? ParseDouble(found->As<std::string>()) : std::nullopt;
}

std::string ScalarText(const Value& value) {
  return value.Is<std::string>() ? value.As<std::string>() : value.CanonicalJson();
}

// A historical defect at its default: it says nothing of a cell.
bool IsDefectOff(const std::string& name, const Value& value) {
  return name.starts_with("ref_") && (value == Value(false) || value == Value(0) || value == Value("lowest"));
}

// The window length: as swept, else as the trainer resolved it; 0 where the trainer knows no such thing.
int64_t LengthOf(const Value::Object& params, const Value::Object& record) {
  auto length = NumberAt(params, "seq_len");
  const Value::Object* config = ObjectAt(record, "config");
  if (!length && config != nullptr) length = NumberAt(*config, "seq_len");
  return static_cast<int64_t>(length.value_or(0));
}

// Bucket j of the record holds the positions with j binary digits: the last one is the late half of a window whose
// length is a power of two.
void AddHalves(const Value::Object& record, TrialRecord* trial) {
  const Value::List* buckets = ListAt(record, "power_buckets");
  const int64_t length = trial->seq_len;
  if (buckets == nullptr || buckets->empty() || length < 2 || (length & (length - 1)) != 0) return;
  double nll = 0, targets = 0;
  for (const Value& bucket : *buckets) {
    if (!bucket.Is<Value::Object>()) return;
    const double count = NumberAt(bucket.As<Value::Object>(), "targets").value_or(0);
    const double loss = NumberAt(bucket.As<Value::Object>(), "loss").value_or(0);
    if (&bucket == &buckets->back()) {
      if (count > 0) trial->halves[kLateHalf] = loss;
    } else {
      nll += loss * count;
      targets += count;
    }
  }
  if (targets > 0) trial->halves[kEarlyHalf] = nll / targets;
}

void AddLayers(const Value::Object& record, TrialRecord* trial) {
  const Value::List* layers = ListAt(record, "layers");
  if (layers == nullptr) return;
  for (const Value& layer : *layers) {
    if (!layer.Is<Value::Object>()) continue;
    const auto count = [&layer](std::string_view key) {
      return static_cast<int64_t>(NumberAt(layer.As<Value::Object>(), key).value_or(0));
    };
    trial->layers.push_back({count("actual_k"), count("selected"), count("future")});
  }
}

}  // namespace

std::string LabelOf(const Value::Object& cell, const Value::Object& params) {
  const Value* schedule = Find(params, "schedule");
  std::string label = schedule == nullptr ? "" : ScalarText(*schedule);
  for (const auto& [name, value] : cell) {
    if (name == "schedule" || name == "seq_len" || IsDefectOff(name, value)) continue;
    label += (label.empty() ? "" : ", ") + name + "=" + ScalarText(value);
  }
  return label.empty() ? "run" : label;
}

void Describe(const Value::Object& result, TrialRecord* trial) {
  static const Value::Object kNone;
  const Value::Object* found = ObjectAt(result, "record");
  const Value::Object& record = found == nullptr ? kNone : *found;
  trial->label = LabelOf(trial->cell, trial->params);
  trial->seq_len = LengthOf(trial->params, record);
  if (const Value::Object* metrics = ObjectAt(result, "metrics")) {
    trial->metrics.clear();
    for (const auto& [name, value] : *metrics) {
      if (const auto number = NumberAt(*metrics, name)) trial->metrics[name] = *number;
    }
  }
  if (const Value::Object* config = ObjectAt(record, "config"))
    trial->steps = static_cast<int64_t>(NumberAt(*config, "steps").value_or(0));
  if (const auto time = NumberAt(record, kTimePerStep)) trial->metrics[kTimePerStep] = *time;
  AddHalves(record, trial);
  AddLayers(record, trial);
}

bool IsTiming(const std::string& metric) {
  return metric.starts_with("time/") || metric.starts_with("perf/") || metric.starts_with("memory/") ||
         metric.find("time_per_step") != std::string::npos || metric.find("per_s") != std::string::npos ||
         metric.find("tokens_per_second") != std::string::npos || metric.find("memory") != std::string::npos;
}

}  // namespace plasa::analysis
