// JSON text as values.
#pragma once

#include <cstddef>
#include <string>

#include "common/base/result.h"
#include "common/base/value.h"

namespace plasa::trainer {

// Parses one JSON document. `where` names it in the error. Depth and number of values are limited; numbers that are
// whole and fit become integers.
[[nodiscard]] Result<Value> ParseJson(const std::string& text, const std::string& where);

// The same for a file, of `most_bytes` at most.
inline constexpr size_t kMostJsonBytes = size_t{1} << 30;
[[nodiscard]] Result<Value> ReadJsonFile(const std::string& path, size_t most_bytes = kMostJsonBytes);

}  // namespace plasa::trainer
