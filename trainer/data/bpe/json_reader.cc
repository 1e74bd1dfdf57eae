#include "trainer/data/bpe/json_reader.h"

#include "trainer/data/text.h"

namespace plasa::trainer {
namespace {

constexpr uintmax_t kMostBytes = 128 << 20;
constexpr JsonLimits kLimits = {.depth = 32, .values = 8'000'000};
constexpr char kMend[] = "take the tokenizer.json that Hugging Face's tokenizers wrote";

}  // namespace

Result<std::string> ReadBoundedText(const std::filesystem::path& file) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(file, error);
  if (!error && size > kMostBytes) return Error{"has more than 128 MiB", file.string(), kMend};
  return ReadWholeFile(file);
}

Result<Json> ParseTokenizerJson(const std::string& text, const std::string& file) {
  auto json = ParseBoundedJson(text, kLimits);
  if (!json) return Error{json.error().what, file, kMend};
  return json;
}

const Json& MemberOf(const Json& object, std::string_view key) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto it = object.find(key);
  return it == object.end() ? null : *it;
}

Outcome ReadFlag(const Json& object, std::string_view key, const std::string& where, bool* out) {
  const Json& value = MemberOf(object, key);
  if (!value.is_boolean())
    return Error{"needs " + std::string(key) + ": true or false, and has " + Excerpt(value), where, kMend};
  *out = value.get<bool>();
  return std::nullopt;
}

Outcome ReadText(const Json& object, std::string_view key, const std::string& where, std::string* out) {
  const Json& value = MemberOf(object, key);
  if (!value.is_string())
    return Error{"needs " + std::string(key) + ": a text, and has " + Excerpt(value), where, kMend};
  *out = value.get<std::string>();
  return std::nullopt;
}

Result<uint32_t> AsTokenId(const Json& value, const std::string& where) {
  if (value.is_number_unsigned() && value.get<uint64_t>() <= UINT32_MAX)
    return static_cast<uint32_t>(value.get<uint64_t>());
  return Error{Excerpt(value) + " is not a token id, a whole number from 0 to 4294967295", where, kMend};
}

}  // namespace plasa::trainer
