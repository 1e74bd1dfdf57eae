#include "trainer/data/bpe/model_section.h"

#include <algorithm>

#include "trainer/data/bpe/byte_alphabet.h"
#include "trainer/data/bpe/unicode_class.h"

namespace plasa::trainer {
namespace {

constexpr char kMend[] = "take a byte-level BPE tokenizer";

using Pair = std::pair<std::string, std::string>;

bool IsEmptyText(const Json& value) {
  return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty());
}

// Switches that change ids whatever the text is.
Outcome RefuseSwitches(const Json& model, const std::string& where) {
  const Json& dropout = MemberOf(model, "dropout");
  if (!dropout.is_null() && !(dropout.is_number() && dropout == 0)) {
    return Error{"dropout " + Excerpt(dropout) + " would make ids random", where, "set it to null"};
  }
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const Json& value = MemberOf(model, key);
    if (!IsEmptyText(value))
      return Error{std::string(key) + " " + Excerpt(value) + " is not byte-level BPE", where, kMend};
  }
  return std::nullopt;
}

// Switches that matter only for bytes the vocabulary lacks.
Outcome RefuseFallbacks(const Json& model, const BpeParts& parts, const std::string& where) {
  const auto missing = std::find(parts.id_of_byte.begin(), parts.id_of_byte.end(), BpeParts::kNoId);
  if (missing == parts.id_of_byte.end()) return std::nullopt;
  const std::string byte = ", and the vocabulary lacks byte " + std::to_string(missing - parts.id_of_byte.begin());
  const Json& unknown = MemberOf(model, "unk_token");
  if (!unknown.is_null())
    return Error{"unk_token is " + Excerpt(unknown) + byte, where, "take a tokenizer with all 256 bytes"};
  const Json& fallback = MemberOf(model, "byte_fallback");
  if (fallback.is_null() || fallback == false) return std::nullopt;
  return Error{"byte_fallback is " + Excerpt(fallback) + byte, where, "take a tokenizer with all 256 bytes"};
}

// "a b", as files before 2024 have it.
Result<Pair> SplitMerge(const std::string& text, const std::string& where) {
  const size_t space = text.find(' ');
  if (space != std::string::npos && text.find(' ', space + 1) == std::string::npos)
    return Pair(text.substr(0, space), text.substr(space + 1));
  return Error{Excerpt(text) + " is not two tokens with a space between them", where, "write the merges as pairs"};
}

Result<Pair> AsPair(const Json& merge, bool as_text, const std::string& where) {
  if (as_text && merge.is_string()) return SplitMerge(merge.get_ref<const std::string&>(), where);
  if (!as_text && merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string())
    return Pair(merge[0], merge[1]);
  return Error{Excerpt(merge) + " is no merge", where, "write all merges as \"a b\" or all as [\"a\",\"b\"]"};
}

Result<uint32_t> IdOf(const std::string& token, const Vocabulary& vocabulary, const std::string& where) {
  if (const auto id = vocabulary.Find(token)) return *id;
  return Error{"names " + Excerpt(token) + ", which model.vocab lacks", where,
               "take vocabulary and merges of the same training"};
}

Outcome AddMerge(const Pair& pair, uint32_t rank, const Vocabulary& vocabulary, const std::string& where,
                 MergeTable* table) {
  auto left = IdOf(pair.first, vocabulary, where);
  if (!left) return left.error();
  auto right = IdOf(pair.second, vocabulary, where);
  if (!right) return right.error();
  auto merged = IdOf(pair.first + pair.second, vocabulary, where);
  if (!merged) return merged.error();
  table->Set(*left, *right, {rank, *merged});
  return std::nullopt;
}

Result<MergeTable> ReadMerges(const Json& merges, const Vocabulary& vocabulary, const std::string& file) {
  const std::string where = file + ": model.merges";
  if (!merges.is_array())
    return Error{"is " + Excerpt(merges) + ", not a list", where, "take the tokenizer.json of a BPE model"};
  MergeTable table(merges.size());
  const bool as_text = !merges.empty() && merges.front().is_string();
  uint32_t rank = 0;
  for (size_t i = 0; i < merges.size(); ++i) {
    const std::string here = where + "[" + std::to_string(i) + "]";
    if (as_text && merges[i].is_string() && merges[i].get_ref<const std::string&>().starts_with("#version")) continue;
    auto pair = AsPair(merges[i], as_text, here);
    if (!pair) return pair.error();
    if (auto error = AddMerge(*pair, rank++, vocabulary, here, &table)) return *error;
  }
  return table;
}

void FindBytes(const Vocabulary& vocabulary, BpeParts* parts) {
  for (size_t byte = 0; byte < 256; ++byte) {
    std::string token;
    AppendUtf8(CodeOfByte(static_cast<uint8_t>(byte)), &token);
    const auto id = vocabulary.Find(token);
    parts->id_of_byte[byte] = id ? static_cast<int64_t>(*id) : BpeParts::kNoId;
  }
}

void FindWords(const Vocabulary& vocabulary, BpeParts* parts) {
  for (const auto& [token, id] : vocabulary.tokens()) {
    if (auto bytes = BytesOfToken(token)) parts->id_of_word.emplace(std::move(*bytes), id);
  }
}

}  // namespace

Outcome RefuseOtherModels(const Json& model, const std::string& file) {
  const Json& type = MemberOf(model, "type");
  if (model.is_object() && (type.is_null() || type == "BPE")) return std::nullopt;
  return Error{"the model " + Excerpt(model.is_object() ? type : model) + " is not known here", file + ": model",
               kMend};
}

Result<BpeParts> ReadBpeParts(const Json& model, const Vocabulary& vocabulary, const std::string& file) {
  const std::string where = file + ": model";
  if (auto error = RefuseSwitches(model, where)) return *error;
  BpeParts parts;
  auto merges = ReadMerges(MemberOf(model, "merges"), vocabulary, file);
  if (!merges) return merges.error();
  parts.merges = std::move(*merges);
  FindBytes(vocabulary, &parts);
  if (auto error = RefuseFallbacks(model, parts, where)) return *error;
  if (!MemberOf(model, "ignore_merges").is_null()) {
    if (auto error = ReadFlag(model, "ignore_merges", where, &parts.ignore_merges)) return *error;
  }
  if (parts.ignore_merges) FindWords(vocabulary, &parts);
  return parts;
}

}  // namespace plasa::trainer
