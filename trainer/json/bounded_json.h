// Reading JSON of unknown origin: bounded in depth and in memory, with errors that are sentences.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "common/base/result.h"

namespace plasa::trainer {

using Json = nlohmann::json;

// What a document may be. Values count at every level: each takes many times the memory of its text.
struct JsonLimits {
  int depth = 0;
  int64_t values = 0;
  bool repeats = true;  // of names of the outermost object: the last one counts
};

// The document `text`. The error says what is wrong and neither where nor how to mend it.
[[nodiscard]] Result<Json> ParseBoundedJson(const std::string& text, const JsonLimits& limits);

// A value for an error message: on one line, and cut short if it is long.
[[nodiscard]] std::string Excerpt(const Json& value);

}  // namespace plasa::trainer
