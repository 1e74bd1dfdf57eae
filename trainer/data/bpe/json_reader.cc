#include "trainer/data/bpe/json_reader.h"

#include "trainer/data/text.h"

namespace plasa::trainer {
namespace {

constexpr uintmax_t kMostBytes = 128 << 20;
constexpr int64_t kMostValues = 8'000'000;
constexpr int kDeepest = 32;
constexpr size_t kExcerpt = 120;

constexpr char kMend[] = "take the tokenizer.json that Hugging Face's tokenizers wrote";

// Thrown out of the parser: it reads on otherwise.
struct Excess {
  std::string what;
};

Json ParseBounded(const std::string& text) {
  int64_t values = 0;
  return Json::parse(text, [&values](int depth, Json::parse_event_t event, Json&) {
    if (depth > kDeepest) throw Excess{"is nested more than " + std::to_string(kDeepest) + " levels deep"};
    const bool starts = event == Json::parse_event_t::value || event == Json::parse_event_t::array_start ||
                        event == Json::parse_event_t::object_start;
    if (starts && ++values > kMostValues) {
      throw Excess{"has more than " + std::to_string(kMostValues) + " values"};
    }
    return true;
  });
}

std::string Shortened(std::string text) {
  if (text.size() <= kExcerpt) return text;
  size_t cut = kExcerpt;
  while (cut > 0 && (static_cast<uint8_t>(text[cut]) & 0xC0U) == 0x80U) --cut;
  return text.substr(0, cut) + "...";
}

}  // namespace

Result<std::string> ReadBoundedText(const std::filesystem::path& file) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(file, error);
  if (!error && size > kMostBytes) return Error{"has more than 128 MiB", file.string(), kMend};
  return ReadWholeFile(file);
}

Result<Json> ParseBoundedJson(const std::string& text, const std::string& file) {
  try {
    return ParseBounded(text);
  } catch (const Excess& excess) {
    return Error{excess.what, file, kMend};
  } catch (const Json::exception& e) {
    return Error{"is not JSON: " + Shortened(e.what()), file, kMend};
  }
}

const Json& MemberOf(const Json& object, std::string_view key) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto it = object.find(key);
  return it == object.end() ? null : *it;
}

std::string Excerpt(const Json& value) {
  if (value.is_structured()) return value.is_array() ? "a list" : "an object";
  return Shortened(value.dump(-1, ' ', false, Json::error_handler_t::replace));
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
