#include "common/sweep/yaml_tree.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "common/sweep/source_text.h"
#include "common/sweep/tree_builder.h"

namespace plasa::sweep {
namespace {

Mark FromYaml(const YAML::Mark& mark) { return mark.is_null() ? Mark{} : Mark{mark.line + 1, mark.column + 1}; }

YamlNode Parse(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  TreeBuilder builder;
  if (!parser.HandleNextDocument(builder)) Refuse({}, "the file is empty", "plasactl plan demo shows a complete one");
  while (parser.HandleNextDocument(builder)) {
  }
  return builder.Take();
}

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

YamlNode ReadYaml(std::string_view text) {
  CheckSourceText(text);
  try {
    return Parse(JoinSurrogateEscapes(text));
  } catch (const YAML::Exception& e) {
    Refuse(FromYaml(e.mark), "this is not YAML: " + e.msg);
  }
}

Value ToValue(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::kScalar) return node.scalar;
  if (node.IsList()) {
    Value::List list;
    for (const YamlNode& item : node.items) list.push_back(ToValue(item));
    return Value(std::move(list));
  }
  Value::Object object;
  for (const auto& member : node.members) object[member.key] = ToValue(member.value);
  return Value(std::move(object));
}

}  // namespace plasa::sweep
