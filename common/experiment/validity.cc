// A file of its own: a test links a trainer that says nothing of its flags, to see that the audits find them.
#include "common/experiment/config.h"

namespace plasa {

std::vector<std::string> InvalidReasons(const Config& config) {
  std::vector<std::string> reasons;
  const Config defaults;
  if (config.mode != defaults.mode) reasons.push_back("mode");
  const Value given = ConfigValue(config);
  const Value standard = ConfigValue(defaults);
  for (const auto& [key, value] : given.As<Value::Object>()) {
    if (key.starts_with("ref_") && !(value == standard.As<Value::Object>().at(key))) reasons.push_back(key);
  }
  return reasons;
}

}  // namespace plasa
