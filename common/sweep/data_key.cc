#include "common/sweep/data_key.h"

#include <string_view>

#include "common/base/sha256.h"

namespace plasa::sweep {
namespace {

struct DataKind {
  const char* key;
  Names others;
};

const std::vector<DataKind>& Kinds() {
  static const std::vector<DataKind> kinds = {
      {"corpus", {}},
      {"path", {"format", "eot_id"}},
      {"artifact", {"format", "eot_id"}},
      {"shared_path", {"sha256", "format", "eot_id"}},
      {"task", {"vocab", "pairs", "marks", "lag", "depth", "seed", "validation"}}};
  return kinds;
}

const DataKind& KindOf(const YamlNode& node) {
  const DataKind* found = nullptr;
  for (const DataKind& kind : Kinds()) {
    if (node.Find(kind.key) == nullptr) continue;
    if (found != nullptr)
      Refuse(node.mark, std::string("plasa.data has both ") + found->key + " and " + kind.key, "keep one of them");
    found = &kind;
  }
  if (found != nullptr) return *found;
  Names all;
  for (const DataKind& kind : Kinds()) {
    all.emplace_back(kind.key);
    all.insert(all.end(), kind.others.begin(), kind.others.end());
  }
  const Section known_keys(node, "plasa.data", all);
  Refuse(node.mark, "plasa.data names no data", "one of corpus, path, shared_path, task, artifact");
}

void CheckShared(const Section& data) {
  const YamlNode* const digest = data.Find("sha256");
  if (digest == nullptr) Refuse(data.mark(), "plasa.data.shared_path needs sha256, so that all workers read the same");
  if (!data.Find("shared_path")->text.starts_with('/'))
    RefuseValue(*data.Find("shared_path"), "plasa.data.shared_path", "an absolute path");
  if (!IsSha256Hex(digest->text)) RefuseValue(*digest, "plasa.data.sha256", "64 lower-case hexadecimal digits");
}

Value ReadDataKey(const YamlNode& node) {
  if (!node.IsMap()) RefuseValue(node, "plasa.data", "a mapping such as {corpus: kjv} or {path: texts}");
  const DataKind& kind = KindOf(node);
  Names known = kind.others;
  known.emplace_back(kind.key);
  const Section data(node, "plasa.data", known);
  const YamlNode* const what = data.Find(kind.key);
  if (what == nullptr || ReadText(*what, data.Name(kind.key)).empty())
    Refuse(node.mark, data.Name(kind.key) + " is empty");
  if (std::string_view(kind.key) == "corpus") (void)ReadWord(*what, "plasa.data.corpus", {"kjv", "sotu", "auto"});
  if (std::string_view(kind.key) == "task")
    (void)ReadWord(*what, "plasa.data.task", {"mqar", "selective_copy", "induction", "needle", "markov", "canary"});
  if (std::string_view(kind.key) == "shared_path") CheckShared(data);
  if (std::string_view(kind.key) == "artifact" && !IsSha256Hex(what->text))
    RefuseValue(*what, "plasa.data.artifact", "64 lower-case hexadecimal digits");
  return ToValue(node);
}

}  // namespace

void ReadData(const Section& section, SweepSpec* spec, Value::Object* file) {
  const Value standard = spec->trainer == "plasa" ? Value(Value::Object{{"corpus", "kjv"}}) : Value();
  const YamlNode* const node = section.Find("data");
  spec->data = node == nullptr ? standard : ReadDataKey(*node);
  if (!(spec->data == standard)) (*file)["data"] = spec->data;
}

}  // namespace plasa::sweep
