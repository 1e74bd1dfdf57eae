#include "trainer/data/data_spec.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace plasa::trainer {
namespace {

template <class T>
struct Named {
  std::string_view name;
  T value;
};
constexpr std::array<Named<Corpus>, 3> kCorpora = {
    {{"kjv", Corpus::kKjv}, {"sotu", Corpus::kSotu}, {"auto", Corpus::kAutomatic}}};
constexpr std::array<Named<FileFormat>, 4> kFormats = {{{"text", FileFormat::kText},
                                                        {"bytes", FileFormat::kBytes},
                                                        {"llmc", FileFormat::kLlmc},
                                                        {"nanogpt", FileFormat::kHeaderless}}};

template <class T, size_t N>
Result<T> FromName(const std::array<Named<T>, N>& table, const Value& value, const std::string& key) {
  std::string known;
  for (const auto& entry : table) {
    if (value.Is<std::string>() && value.As<std::string>() == entry.name) return entry.value;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  return Error{value.CanonicalJson() + " is not known", "data." + key, "one of " + known};
}

Outcome RefuseOtherKeys(const Value::Object& data, const std::set<std::string_view>& known) {
  for (const auto& [key, value] : data) {
    if (known.count(key) != 0) continue;
    std::string list;
    for (const auto name : known) list += (list.empty() ? "" : ", ") + std::string(name);
    return Error{"unknown key '" + key + "'", "data", "known here: " + list};
  }
  return std::nullopt;
}

Outcome ReadSize(const Value::Object& data, const std::string& key, int64_t* out) {
  const auto it = data.find(key);
  if (it == data.end()) return std::nullopt;
  if (!it->second.Is<int64_t>() || it->second.As<int64_t>() < 0) {
    return Error{it->second.CanonicalJson() + " is not a whole number from 0 on", "data." + key, ""};
  }
  *out = it->second.As<int64_t>();
  return std::nullopt;
}

Result<DataSpec> ParseCorpus(const Value::Object& data) {
  if (auto error = RefuseOtherKeys(data, {"corpus"})) return *error;
  auto corpus = FromName(kCorpora, data.at("corpus"), "corpus");
  if (!corpus) return corpus.error();
  return DataSpec{*corpus};
}

std::string TextAt(const Value::Object& data, const std::string& key) {
  const auto it = data.find(key);
  return it != data.end() && it->second.Is<std::string>() ? it->second.As<std::string>() : "";
}

// `key` is "path" or "shared_path".
Result<DataSpec> ParsePath(const Value::Object& data, const std::string& key) {
  const bool shared = key == "shared_path";
  if (auto error = RefuseOtherKeys(data, shared ? std::set<std::string_view>{key, "sha256", "format", "eot_id"}
                                                : std::set<std::string_view>{key, "format", "eot_id"}))
    return *error;
  DataPath path{TextAt(data, key)};
  if (path.path.empty()) return Error{"is not a path", "data." + key, "name a folder of text files or a token file"};
  if (shared) path.sha256 = TextAt(data, "sha256");
  if (shared && path.sha256.size() != 64)
    return Error{"is not a SHA-256", "data.sha256", "64 hexadecimal digits, as sha256sum prints them"};
  if (const auto it = data.find("format"); it != data.end()) {
    auto format = FromName(kFormats, it->second, "format");
    if (!format) return format.error();
    path.format = *format;
  }
  if (auto error = ReadSize(data, "eot_id", &path.eot_id)) return *error;
  if (path.eot_id > UINT32_MAX) return Error{std::to_string(path.eot_id) + " is no token id", "data.eot_id", ""};
  return DataSpec{path};
}

Result<DataSpec> ParseTask(const Value::Object& data) {
  if (auto error = RefuseOtherKeys(data, {"task", "vocab", "pairs", "marks", "lag", "depth", "seed", "validation"}))
    return *error;
  if (!data.at("task").Is<std::string>()) return Error{"is not a name", "data.task", "for example markov"};
  auto kind = ParseTaskName(data.at("task").As<std::string>());
  if (!kind) return kind.error();
  TaskSpec task;
  task.kind = *kind;
  const std::array<Named<int64_t*>, 6> sizes = {{{"vocab", &task.vocab},
                                                 {"pairs", &task.pairs},
                                                 {"marks", &task.marks},
                                                 {"lag", &task.lag},
                                                 {"seed", &task.seed},
                                                 {"validation", &task.validation}}};
  for (const auto& [key, size] : sizes) {
    if (auto error = ReadSize(data, std::string(key), size)) return *error;
  }
  if (const auto it = data.find("depth"); it != data.end()) {
    if (!it->second.IsNumber())
      return Error{it->second.CanonicalJson() + " is not a number", "data.depth", "0 (start) to 1 (end)"};
    task.depth = it->second.Number();
    if (!(task.depth >= 0 && task.depth <= 1)) return Error{"must be in 0..1", "data.depth", ""};
  }
  return DataSpec{task};
}

}  // namespace

Result<DataSpec> ParseDataSpec(const Value& data) {
  if (!data.Is<Value::Object>()) return Error{"is not an object", "data", "for example {\"corpus\":\"kjv\"}"};
  const auto& object = data.As<Value::Object>();
  const auto kinds = object.count("corpus") + object.count("path") + object.count("shared_path") + object.count("task");
  if (kinds != 1)
    return Error{"needs exactly one of corpus, path, shared_path, task", "data", "for example {\"corpus\":\"kjv\"}"};
  if (object.count("corpus") != 0) return ParseCorpus(object);
  for (const char* key : {"path", "shared_path"}) {
    if (object.count(key) != 0) return ParsePath(object, key);
  }
  return ParseTask(object);
}

}  // namespace plasa::trainer
