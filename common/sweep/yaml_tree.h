// A YAML or JSON document as a tree whose nodes know where they stand in the file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/value.h"
#include "common/sweep/refusal.h"

namespace plasa::sweep {

// One node. Scalars are typed; mappings keep the order of the file and hold no key twice.
struct YamlNode {
  enum class Kind { kScalar, kList, kMap };
  struct Member;

  Kind kind = Kind::kScalar;
  Mark mark;
  Value scalar;
  std::string text;    // a scalar as it is written
  bool plain = false;  // a scalar without quotes and tag
  std::vector<YamlNode> items;
  std::vector<Member> members;

  [[nodiscard]] bool IsMap() const { return kind == Kind::kMap; }
  [[nodiscard]] bool IsList() const { return kind == Kind::kList; }
  [[nodiscard]] bool IsNull() const { return kind == Kind::kScalar && scalar.IsNull(); }
  // The member of that key; nullptr if there is none.
  [[nodiscard]] const YamlNode* Find(std::string_view key) const;
};

struct YamlNode::Member {
  std::string key;
  Mark mark;
  YamlNode value;
};

// Bounds that hold before anything is allocated for what lies beyond them.
inline constexpr size_t kMaxText = size_t{1} << 20;
inline constexpr int kMaxDepth = 64;
inline constexpr size_t kMaxNodes = 200000;  // what aliases repeat counts each time

// The one document in `text`. Refuses (by Refusal) what is not YAML, more than one document, duplicate keys and
// whatever is beyond the bounds. Merge keys (<<) are applied.
[[nodiscard]] YamlNode ReadYaml(std::string_view text);

// The node as a plain value.
[[nodiscard]] Value ToValue(const YamlNode& node);

}  // namespace plasa::sweep
