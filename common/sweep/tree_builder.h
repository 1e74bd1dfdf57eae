// Builds the tree from the parser's events, within the bounds.
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <map>
#include <string>
#include <vector>

#include "common/sweep/yaml_tree.h"

namespace plasa::sweep {

// Receives the events of one parse. Every node is counted before it is stored, and a repeated one (alias) with all that
// is below it, so that a small file cannot grow. Throws Refusal. One use.
class TreeBuilder final : public YAML::EventHandler {
 public:
  // The finished document. Precondition: the parser has returned.
  [[nodiscard]] YamlNode Take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { Close(); }

 private:
  // A list or mapping that is still open.
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    size_t first_node = 0;  // nodes_ when it was opened
    int height = 1;         // levels below and including this one, so far
    bool has_key = false;
    std::string key;
    Mark key_mark;
  };
  // A finished node that may be repeated.
  struct Anchored {
    YamlNode node;
    size_t nodes = 1;
    int height = 1;
  };

  void Count(size_t nodes, const Mark& mark);
  void OpenNode(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
  void Close();
  void AddScalar(YamlNode node, YAML::anchor_t anchor);
  // Puts a finished node where the file has it: as root, item, key or value.
  void Add(YamlNode node, int height);
  void AddToMap(Open* map, YamlNode node);

  YamlNode root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  size_t nodes_ = 0;
  int documents_ = 0;
};

}  // namespace plasa::sweep
