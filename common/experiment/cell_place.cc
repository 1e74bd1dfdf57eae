#include "common/experiment/cell_place.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/experiment/config.h"
#include "common/experiment/schedule.h"

namespace plasa {
namespace {

constexpr std::array<std::string_view, 5> kScheduleKeys = {"schedule", "schedule_match", "schedule_perm",
                                                           "schedule_ratios", "schedule_k"};

Value::Object WithoutPlace(Value::Object keys) {
  for (const std::string_view key : kScheduleKeys) keys.erase(std::string(key));
  keys.erase("seq_len");
  keys.erase("seed");
  return keys;
}

}  // namespace

CellPlace PlaceOf(const Value::Object& params) {
  const auto config = ResolveConfig(Value(params));
  if (!config.ok()) return {Value(WithoutPlace(params)).CanonicalJson(), {}, 0};
  Value::Object base = WithoutPlace(ConfigValue(*config).As<Value::Object>());
  if (config->equal_tokens) base.erase("batch_size");
  return {Value(std::move(base)).CanonicalJson(), LayerKeys(*config, config->seq_len), config->seq_len};
}

bool IsScheduleKey(const std::string& name) {
  return std::find(kScheduleKeys.begin(), kScheduleKeys.end(), name) != kScheduleKeys.end();
}

Value::Object WithSchedule(Value::Object params, const std::string& label) {
  for (const std::string_view key : kScheduleKeys) params.erase(std::string(key));
  for (size_t from = 0; from <= label.size();) {
    const size_t end = std::min(label.find(", ", from), label.size());
    const std::string part = label.substr(from, end - from);
    const size_t equals = part.find('=');
    if (equals == std::string::npos) params["schedule"] = part;
    if (equals != std::string::npos) params[part.substr(0, equals)] = part.substr(equals + 1);
    from = end + 2;
  }
  return params;
}

}  // namespace plasa
