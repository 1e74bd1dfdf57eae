#include "common/sweep/section.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/experiment/config_fields.h"

namespace plasa::sweep {
namespace {

// A value in a message, cut so that the message stays one line.
std::string Shown(const YamlNode& node) {
  std::string text = ToValue(node).CanonicalJson();
  if (text.size() <= 60) return text;
  size_t cut = 57;
  while (cut > 0 && (static_cast<uint8_t>(text[cut]) & 0xC0) == 0x80) --cut;
  return text.substr(0, cut) + "...";
}

bool Known(const Names& known, std::string_view key) {
  return std::find(known.begin(), known.end(), key) != known.end();
}

std::string RangeText(int64_t low, int64_t high) {
  if (high != kAnyWhole) return "a whole number in " + std::to_string(low) + ".." + std::to_string(high);
  return low == -kAnyWhole ? "a whole number" : "a whole number from " + std::to_string(low) + " on";
}

// The known key that was meant: near by letters, or one that begins as this one.
std::string NearestKey(std::string key, const Names& known) {
  for (char& c : key) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (std::string near = Nearest(key, known); !near.empty()) return near;
  const auto begins = [&](const std::string& word) { return key.size() >= 3 && word.starts_with(key); };
  const auto found = std::find_if(known.begin(), known.end(), begins);
  return found == known.end() ? "" : *found;
}

}  // namespace

Section::Section(const YamlNode& node, std::string path, const Names& known) : node_(node), path_(std::move(path)) {
  if (!node.IsMap()) RefuseValue(node, path_.empty() ? "a sweep" : path_, "a mapping of keys to values");
  for (const auto& member : node.members) {
    if (!Known(known, member.key)) RefuseKey(member.mark, path_, member.key, known);
  }
}

const YamlNode* Section::Find(std::string_view key) const {
  const YamlNode* const node = node_.Find(key);
  return node == nullptr || node->IsNull() ? nullptr : node;
}

std::string Section::Name(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void RefuseValue(const YamlNode& node, const std::string& name, const std::string& must_be) {
  Refuse(node.mark, name + " must be " + must_be + ", not " + Shown(node));
}

void RefuseKey(const Mark& mark, const std::string& name, const std::string& key, const Names& known) {
  const std::string near = NearestKey(key, known);
  const std::string where = name.empty() ? "at the top of a sweep" : "in " + name;
  Refuse(mark, "unknown key " + key + " " + where,
         near.empty() ? "known here: " + Listed(known) : "did you mean " + near + "?");
}

std::string ReadText(const YamlNode& node, const std::string& name) {
  if (!node.scalar.Is<std::string>() || node.kind != YamlNode::Kind::kScalar) RefuseValue(node, name, "text");
  return node.scalar.As<std::string>();
}

std::string ReadWord(const YamlNode& node, const std::string& name, const Names& words) {
  if (node.kind == YamlNode::Kind::kScalar && Known(words, node.text)) return node.text;
  const std::string near = Nearest(node.text, words);
  Refuse(node.mark, name + " must be one of " + Listed(words) + ", not " + Shown(node),
         near.empty() ? "" : "did you mean " + near + "?");
}

int64_t ReadWhole(const YamlNode& node, const std::string& name, int64_t low, int64_t high) {
  const bool whole = node.kind == YamlNode::Kind::kScalar && node.scalar.IsNumber() &&
                     std::trunc(node.scalar.Number()) == node.scalar.Number() &&
                     std::abs(node.scalar.Number()) < 0x1p63;
  if (!whole) RefuseValue(node, name, RangeText(low, high));
  const int64_t value =
      node.scalar.Is<int64_t>() ? node.scalar.As<int64_t>() : static_cast<int64_t>(node.scalar.Number());
  if (value < low || value > high) RefuseValue(node, name, RangeText(low, high));
  return value;
}

double ReadNumber(const YamlNode& node, const std::string& name) {
  const bool finite =
      node.kind == YamlNode::Kind::kScalar && node.scalar.IsNumber() && std::isfinite(node.scalar.Number());
  if (!finite) RefuseValue(node, name, "a finite number");
  return node.scalar.Number();
}

bool ReadBool(const YamlNode& node, const std::string& name) {
  if (node.kind != YamlNode::Kind::kScalar || !node.scalar.Is<bool>()) RefuseValue(node, name, "true or false");
  return node.scalar.As<bool>();
}

const std::vector<YamlNode>& ReadList(const YamlNode& node, const std::string& name) {
  if (!node.IsList()) RefuseValue(node, name, "a list");
  return node.items;
}

std::string Listed(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace plasa::sweep
