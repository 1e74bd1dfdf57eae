#include <utility>

#include "common/sweep/parameter_fields.h"
#include "common/sweep/sweep.h"
#include "common/sweep/yaml_tree.h"

namespace plasa {
namespace {

// The command line's values, read as the items of a YAML list.
Result<Value::List> ReadOverride(const std::string& text, const std::string& option) {
  try {
    const sweep::YamlNode list = sweep::ReadYaml("[" + text + "]");
    if (!list.IsList() || list.items.empty()) return Error{"names no value", option, "-P key=value or -P key=v1,v2"};
    return sweep::ReadValues(list.items);
  } catch (const sweep::Refusal& refusal) {
    return Error{"cannot read the value: " + refusal.what, option,
                 "quote text with special characters: -P 'key=\"a, b\"'"};
  }
}

Outcome SetParameter(Value::Object* parameters, const std::string& param) {
  const std::string option = "-P " + param;
  const size_t equals = param.find('=');
  if (equals == 0 || equals == std::string::npos)
    return Error{"names no parameter", option, "-P key=value or -P key=v1,v2"};
  auto values = ReadOverride(param.substr(equals + 1), option);
  if (!values.ok()) return values.error();
  const bool one = values->size() == 1;
  (*parameters)[param.substr(0, equals)] =
      one ? Value::Object{{"value", values->front()}} : Value::Object{{"values", *std::move(values)}};
  return std::nullopt;
}

void SetPlasaKey(Value::Object* file, const std::string& key, Value value) {
  Value& plasa = (*file)["plasa"];
  if (plasa.IsNull()) plasa = Value(Value::Object{});
  plasa.As<Value::Object>()[key] = std::move(value);
}

using Replace = std::function<Value(const Value&)>;

// Replaces what `object` has under `key`: a value, or each of a list.
void ReplaceAt(Value::Object& object, const std::string& key, const Replace& replace) {
  const auto found = object.find(key);
  if (found == object.end()) return;
  if (!found->second.Is<Value::List>()) {
    found->second = replace(found->second);
    return;
  }
  for (Value& value : found->second.As<Value::List>()) value = replace(value);
}

void ReplaceInExclusions(Value::Object& file, const std::string& parameter, const Replace& replace) {
  const auto plasa = file.find("plasa");
  if (plasa == file.end()) return;
  const auto exclude = plasa->second.As<Value::Object>().find("exclude");
  if (exclude == plasa->second.As<Value::Object>().end()) return;
  for (Value& rule : exclude->second.As<Value::List>()) ReplaceAt(rule.As<Value::Object>(), parameter, replace);
}

// Reads the changed file anew, so that everything is checked and filled in as if it had been written so.
Outcome Reread(SweepSpec* spec, Value::Object file, std::string_view source) {
  auto changed = ParseSweep(Value(std::move(file)).CanonicalJson(), source);
  if (!changed.ok()) return Error{changed.error().what, std::string(source), changed.error().mend};
  std::vector<std::string> remarks = std::move(spec->remarks);
  *spec = *std::move(changed);
  spec->remarks = std::move(remarks);
  return std::nullopt;
}

}  // namespace

Outcome ApplyOverrides(SweepSpec* spec, const Overrides& overrides) {
  if (overrides.params.empty() && overrides.seeds == 0 && overrides.name.empty()) return std::nullopt;
  Value::Object file = spec->canonical.As<Value::Object>();
  auto& parameters = file["parameters"].As<Value::Object>();
  const bool had_seed = parameters.contains("seed");
  for (const std::string& param : overrides.params) {
    if (Outcome refused = SetParameter(&parameters, param)) return refused;
  }
  // The command line wins over the file: a parameter `seed` over plasa.seeds, --seeds over the parameter.
  if (!had_seed && parameters.contains("seed")) SetPlasaKey(&file, "seeds", Value());
  if (overrides.seeds != 0) {
    parameters.erase("seed");
    SetPlasaKey(&file, "seeds", Value(overrides.seeds));
  }
  if (!overrides.name.empty()) file["name"] = overrides.name;
  return Reread(spec, std::move(file), "command line");
}

Outcome ReplaceData(SweepSpec* spec, const Value& data) {
  Value::Object file = spec->canonical.As<Value::Object>();
  SetPlasaKey(&file, "data", data);
  return Reread(spec, std::move(file), "plasa.data");
}

Outcome ReplaceValues(SweepSpec* spec, const std::string& parameter, const Replace& replace) {
  Value::Object file = spec->canonical.As<Value::Object>();
  auto& parameters = file["parameters"].As<Value::Object>();
  const auto found = parameters.find(parameter);
  if (found == parameters.end()) return std::nullopt;
  for (const char* key : {"value", "values"}) ReplaceAt(found->second.As<Value::Object>(), key, replace);
  ReplaceInExclusions(file, parameter, replace);
  return Reread(spec, std::move(file), "parameters." + parameter);
}

}  // namespace plasa
