// Reading mappings of known keys, and single values of known types. Everything refuses by Refusal, naming key, line and
// column.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "common/sweep/yaml_tree.h"

namespace plasa::sweep {

using Names = std::vector<std::string>;

// One mapping whose keys are all known. `path` names it in messages ("plasa.resources"; "" at the top).
class Section {
 public:
  Section(const YamlNode& node, std::string path, const Names& known);

  // The member of that key; nullptr if it is missing. A key without a value (null) counts as missing.
  [[nodiscard]] const YamlNode* Find(std::string_view key) const;
  // The full name of a key, for messages.
  [[nodiscard]] std::string Name(std::string_view key) const;
  [[nodiscard]] const Mark& mark() const { return node_.mark; }

 private:
  const YamlNode& node_;
  std::string path_;
};

inline constexpr int64_t kAnyWhole = std::numeric_limits<int64_t>::max();

// "must be WHAT, not VALUE" at the node.
[[noreturn]] void RefuseValue(const YamlNode& node, const std::string& name, const std::string& must_be);
// "NAME: unknown key" with the nearest known one.
[[noreturn]] void RefuseKey(const Mark& mark, const std::string& name, const std::string& key, const Names& known);

[[nodiscard]] std::string ReadText(const YamlNode& node, const std::string& name);
// One of these words.
[[nodiscard]] std::string ReadWord(const YamlNode& node, const std::string& name, const Names& words);
[[nodiscard]] int64_t ReadWhole(const YamlNode& node, const std::string& name, int64_t low, int64_t high = kAnyWhole);
[[nodiscard]] double ReadNumber(const YamlNode& node, const std::string& name);
[[nodiscard]] bool ReadBool(const YamlNode& node, const std::string& name);
[[nodiscard]] const std::vector<YamlNode>& ReadList(const YamlNode& node, const std::string& name);

// "a, b, c".
[[nodiscard]] std::string Listed(const Names& names);

}  // namespace plasa::sweep
