#include "common/sweep/combinations.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/sweep/parameter_fields.h"

namespace plasa::sweep {
namespace {

Names NamesOf(const Parameters& parameters) {
  Names names;
  for (const auto& [name, parameter] : parameters) names.push_back(name);
  return names;
}

const Parameter& FindParameter(const YamlNode& node, const std::string& key, const std::string& name,
                               const Parameters& parameters) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) RefuseKey(node.mark, key, name, NamesOf(parameters));
  return found->second;
}

// Reads the groups of `zip`: lists of names, or one list.
class ZipReader {
 public:
  explicit ZipReader(const Parameters& parameters) : parameters_(parameters) {}

  std::vector<Names> Read(const YamlNode& node) {
    const auto& items = ReadList(node, "plasa.zip");
    const bool one_group = !items.empty() && !items.front().IsList();
    if (one_group) return {ReadGroup(node)};
    std::vector<Names> groups;
    for (const YamlNode& item : items) groups.push_back(ReadGroup(item));
    std::sort(groups.begin(), groups.end());
    return groups;
  }

 private:
  Names ReadGroup(const YamlNode& node) {
    Names group;
    size_t length = 0;
    for (const YamlNode& item : ReadList(node, "plasa.zip")) {
      const std::string name = ReadText(item, "plasa.zip");
      const size_t values = CountValues(item, name);
      if (!group.empty() && values != length) RefuseLengths(item, group.front(), length, name, values);
      if (!used_.insert(name).second) Refuse(item.mark, "plasa.zip has " + name + " twice");
      length = values;
      group.push_back(name);
    }
    if (group.size() < 2) Refuse(node.mark, "plasa.zip needs at least two parameters a group", "zip: [a, b]");
    std::sort(group.begin(), group.end());
    return group;
  }

  size_t CountValues(const YamlNode& item, const std::string& name) const {
    const Parameter& parameter = FindParameter(item, "plasa.zip", name, parameters_);
    const Distribution& d = *parameter.distribution;
    if (d.shape != Shape::kCategorical || d.weighted)
      Refuse(item.mark, "plasa.zip: " + name + " has no list of values");
    return parameter.Values().size();
  }

  [[noreturn]] static void RefuseLengths(const YamlNode& item, const std::string& a, size_t na, const std::string& b,
                                         size_t nb) {
    Refuse(item.mark, "plasa.zip: " + a + " has " + std::to_string(na) + " values, " + b + " has " + std::to_string(nb),
           "parameters that vary together need equally many");
  }

  const Parameters& parameters_;
  std::set<std::string> used_;
};

bool Contains(const Value::List& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

void CheckCanMatch(const YamlNode& node, const std::string& name, const Parameter& parameter, const Value& value) {
  const bool listed = parameter.distribution->shape == Shape::kCategorical;
  const Value::List values = parameter.fixed() ? Value::List{parameter.fields.at("value")}
                             : listed          ? parameter.Values()
                                               : Value::List{value};
  if (Contains(values, value)) return;
  Refuse(node.mark, "plasa.exclude: " + value.CanonicalJson() + " is no value of " + name);
}

Value::Object ReadExcluded(const YamlNode& node, const Parameters& parameters) {
  if (!node.IsMap() || node.members.empty())
    RefuseValue(node, "plasa.exclude", "a list of mappings such as {seq_len: 1024}");
  Value::Object excluded;
  for (const auto& member : node.members) {
    const Parameter& parameter = FindParameter(member.value, "plasa.exclude", member.key, parameters);
    const bool any_of = member.value.IsList();
    const Value::List values = any_of ? ReadValues(member.value.items) : Value::List{ToValue(member.value)};
    for (const Value& value : values) CheckCanMatch(member.value, member.key, parameter, value);
    excluded[member.key] = any_of ? Value(values) : values.front();
  }
  return excluded;
}

}  // namespace

void ReadCombinations(const Section& section, const Parameters& parameters, SweepSpec* spec, Value::Object* file) {
  if (const auto* node = section.Find("order"))
    spec->shuffle = ReadWord(*node, "plasa.order", {"grid", "shuffle"}) == "shuffle";
  if (const auto* node = section.Find("zip")) spec->zip = ZipReader(parameters).Read(*node);
  if (const auto* node = section.Find("exclude")) {
    for (const YamlNode& item : ReadList(*node, "plasa.exclude"))
      spec->exclude.push_back(ReadExcluded(item, parameters));
  }
  if (spec->shuffle) (*file)["order"] = "shuffle";
  Value::List zip, exclude;
  for (const Names& group : spec->zip) zip.emplace_back(Value::List(group.begin(), group.end()));
  for (const Value::Object& excluded : spec->exclude) exclude.emplace_back(excluded);
  if (!zip.empty()) (*file)["zip"] = std::move(zip);
  if (!exclude.empty()) (*file)["exclude"] = std::move(exclude);
}

}  // namespace plasa::sweep
