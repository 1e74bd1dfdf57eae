// Reading the JSON of a tokenizer, with errors that say where.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "trainer/json/bounded_json.h"

namespace plasa::trainer {

// The text of `file`. Refuses more than 128 MiB.
[[nodiscard]] Result<std::string> ReadBoundedText(const std::filesystem::path& file);

// The document `text`; `file` names it in errors. Refuses more than 8 million values or 32 levels.
[[nodiscard]] Result<Json> ParseTokenizerJson(const std::string& text, const std::string& file);

// The member `key` of `object`, or null; null also if `object` is no object.
[[nodiscard]] const Json& MemberOf(const Json& object, std::string_view key);

// Reads a member that must be there; `where` names `object` in the error.
[[nodiscard]] Outcome ReadFlag(const Json& object, std::string_view key, const std::string& where, bool* out);
[[nodiscard]] Outcome ReadText(const Json& object, std::string_view key, const std::string& where, std::string* out);

// `value` as a token id, 0 to 2^32 - 1.
[[nodiscard]] Result<uint32_t> AsTokenId(const Json& value, const std::string& where);

}  // namespace plasa::trainer
