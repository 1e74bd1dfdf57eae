#include "common/sweep/parameters.h"

#include <algorithm>
#include <utility>

#include "common/sweep/parameter_fields.h"
#include "common/sweep/section.h"

namespace plasa::sweep {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void CheckName(const YamlNode::Member& member) {
  const auto fits = [](char c) { return IsLetter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  const std::string& name = member.key;
  if (name.size() <= 128 && IsLetter(name[0]) && std::all_of(name.begin(), name.end(), fits)) return;
  Refuse(member.mark, "parameter " + JsonQuote(name.substr(0, 128)) + " has no usable name",
         "a letter or _ first, then letters, digits, _ . -, at most 128");
}

void CheckIsMapping(const std::string& name, const YamlNode& node) {
  if (node.IsMap()) return;
  if (node.IsList()) Refuse(node.mark, "parameter " + name + " is a bare list", "write " + name + ": {values: [...]}");
  if (node.IsNull()) Refuse(node.mark, "parameter " + name + " is empty", "write " + name + ": {value: ...}");
  Refuse(node.mark, "parameter " + name + " is a bare value", "write " + name + ": {value: " + node.text + "}");
}

class Reader {
 public:
  explicit Reader(bool grid) : grid_(grid) {}

  void ReadAll(const YamlNode& node, const std::string& prefix) {
    if (!node.IsMap()) RefuseValue(node, prefix.empty() ? "parameters" : prefix, "a mapping of names to parameters");
    if (node.members.empty()) Refuse(node.mark, "there are no parameters", "name at least one under parameters:");
    for (const auto& member : node.members) {
      CheckName(member);
      ReadOne(prefix.empty() ? member.key : prefix + "." + member.key, member);
    }
  }
  [[nodiscard]] Parameters Take() { return std::move(parameters_); }

 private:
  void ReadOne(const std::string& name, const YamlNode::Member& member) {
    CheckIsMapping(name, member.value);
    if (member.value.Find("parameters") != nullptr) {
      const Section nested(member.value, "parameter " + name, {"parameters"});
      return ReadAll(*member.value.Find("parameters"), name);
    }
    Parameter parameter = ReadParameter(name, member.value);
    if (grid_) CheckFitsGrid(name, parameter, member.mark);
    if (!parameters_.emplace(name, std::move(parameter)).second) {
      Refuse(member.mark, "the parameter " + name + " is here twice", "once nested, once with dots in its name");
    }
  }

  static void CheckFitsGrid(const std::string& name, const Parameter& parameter, const Mark& mark) {
    const Distribution& d = *parameter.distribution;
    if (d.countable()) return;
    if (d.weighted)
      Refuse(mark, "parameter " + name + ": probabilities mean nothing in a grid", "leave them out, or method: random");
    Refuse(mark, "parameter " + name + ": a grid cannot enumerate " + std::string(d.word),
           "list values, or method: random");
  }

  const bool grid_;
  Parameters parameters_;
};

}  // namespace

Parameters ReadParameters(const YamlNode& node, bool grid) {
  Reader reader(grid);
  reader.ReadAll(node, "");
  return reader.Take();
}

Value SpaceOf(const Parameters& parameters) {
  Value::Object space;
  for (const auto& [name, parameter] : parameters) {
    Value::Object entry = parameter.fields;
    entry["kind"] = std::string(parameter.distribution->kind);
    space[name] = std::move(entry);
  }
  return Value(std::move(space));
}

Parameters FromSpace(const Value& space) {
  Parameters parameters;
  for (const auto& [name, entry] : space.As<Value::Object>()) {
    Parameter& parameter = parameters[name];
    parameter.fields = entry.As<Value::Object>();
    parameter.distribution = FindByKind(parameter.fields.at("kind").As<std::string>());
    parameter.fields.erase("kind");
  }
  return parameters;
}

Value FileOf(const Parameters& parameters) {
  Value::Object file;
  for (const auto& [name, parameter] : parameters) {
    Value::Object entry = parameter.fields;
    // `value` and `values` say themselves what they are; whole numbers in a range could mean two things.
    const Shape shape = parameter.distribution->shape;
    const bool evident = shape == Shape::kConstant || shape == Shape::kCategorical;
    if (!evident) entry["distribution"] = std::string(parameter.distribution->word);
    file[name] = std::move(entry);
  }
  return Value(std::move(file));
}

}  // namespace plasa::sweep
