#include "common/sweep/tree_builder.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/sweep/scalars.h"

namespace plasa::sweep {
namespace {

Mark At(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

void CheckCollectionTag(YamlNode::Kind kind, const std::string& tag, const Mark& mark) {
  const std::string own = kind == YamlNode::Kind::kMap ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq";
  if (!tag.empty() && tag != "?" && tag != "!" && tag != own) Refuse(mark, "unknown tag " + tag);
}

void MergeInto(YamlNode* map, std::set<std::string>* keys, const YamlNode& source, const Mark& mark) {
  if (!source.IsMap()) Refuse(mark, "<< takes a mapping or a list of mappings");
  for (const auto& member : source.members) {
    if (keys->insert(member.key).second) map->members.push_back(member);
  }
}

// Merge keys, as YAML 1.1 and so W&B have them: what the mapping says itself goes first.
void ApplyMergeKey(YamlNode* map) {
  const auto is_merge = [](const YamlNode::Member& member) { return member.key == "<<"; };
  const auto found = std::find_if(map->members.begin(), map->members.end(), is_merge);
  if (found == map->members.end()) return;
  const YamlNode::Member merge = std::move(*found);
  map->members.erase(found);
  std::set<std::string> keys;
  for (const auto& member : map->members) keys.insert(member.key);
  if (!merge.value.IsList()) return MergeInto(map, &keys, merge.value, merge.mark);
  for (const YamlNode& source : merge.value.items) MergeInto(map, &keys, source, merge.mark);
}

void RefuseDuplicateKeys(const YamlNode& map) {
  std::map<std::string_view, Mark> seen;
  for (const auto& member : map.members) {
    const auto [first, fresh] = seen.emplace(member.key, member.mark);
    if (fresh) continue;
    Refuse(member.mark, "the key " + member.key + " is here twice",
           "the first one is in line " + std::to_string(first->second.line));
  }
}

}  // namespace

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (++documents_ > 1) Refuse(At(mark), "the file holds more than one document", "one sweep a file: split it at ---");
}

void TreeBuilder::Count(size_t nodes, const Mark& mark) {
  nodes_ += nodes;
  if (nodes_ > kMaxNodes) Refuse(mark, "the file grows beyond " + std::to_string(kMaxNodes) + " values");
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  YamlNode node;
  node.mark = At(mark);
  node.plain = true;
  AddScalar(std::move(node), anchor);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& text) {
  YamlNode node;
  node.mark = At(mark);
  node.text = text;
  node.plain = tag.empty() || tag == "?";
  node.scalar = node.plain ? PlainScalar(text, node.mark) : TaggedScalar(text, tag, node.mark);
  AddScalar(std::move(node), anchor);
}

void TreeBuilder::AddScalar(YamlNode node, YAML::anchor_t anchor) {
  Count(1, node.mark);
  if (anchor != 0) anchors_[anchor] = {node, 1, 0};
  Add(std::move(node), 0);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) Refuse(At(mark), "an alias cannot stand inside what it repeats");
  Count(found->second.nodes, At(mark));
  Add(found->second.node, found->second.height);
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value) {
  OpenNode(YamlNode::Kind::kList, mark, tag, anchor);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value) {
  OpenNode(YamlNode::Kind::kMap, mark, tag, anchor);
}

void TreeBuilder::OpenNode(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
  CheckCollectionTag(kind, tag, At(mark));
  if (static_cast<int>(open_.size()) >= kMaxDepth) {
    Refuse(At(mark), "the file nests deeper than " + std::to_string(kMaxDepth) + " levels");
  }
  Open open;
  open.node.kind = kind;
  open.node.mark = At(mark);
  open.anchor = anchor;
  open.first_node = nodes_;
  Count(1, open.node.mark);
  open_.push_back(std::move(open));
}

void TreeBuilder::Close() {
  Open closed = std::move(open_.back());
  open_.pop_back();
  if (closed.node.IsMap()) {
    RefuseDuplicateKeys(closed.node);
    ApplyMergeKey(&closed.node);
  }
  if (closed.anchor != 0) {
    // The stored copy is memory too.
    const size_t nodes = nodes_ - closed.first_node;
    Count(nodes, closed.node.mark);
    anchors_[closed.anchor] = {closed.node, nodes, closed.height};
  }
  Add(std::move(closed.node), closed.height);
}

void TreeBuilder::Add(YamlNode node, int height) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  if (static_cast<int>(open_.size()) + height > kMaxDepth) {
    Refuse(node.mark, "the file nests deeper than " + std::to_string(kMaxDepth) + " levels");
  }
  Open& parent = open_.back();
  parent.height = std::max(parent.height, height + 1);
  if (parent.node.IsList()) {
    parent.node.items.push_back(std::move(node));
  } else {
    AddToMap(&parent, std::move(node));
  }
}

void TreeBuilder::AddToMap(Open* map, YamlNode node) {
  if (map->has_key) {
    map->node.members.push_back({std::move(map->key), map->key_mark, std::move(node)});
    map->has_key = false;
    return;
  }
  if (node.kind != YamlNode::Kind::kScalar || node.scalar.IsNull()) Refuse(node.mark, "a key must be a word");
  map->has_key = true;
  map->key = std::move(node.text);
  map->key_mark = node.mark;
}

}  // namespace plasa::sweep
