// JSON text as values.
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/base/value.h"

namespace plasa::trainer {

// Parses one JSON document. `where` names it in the error. Depth is limited; numbers that are whole and fit become
// integers.
[[nodiscard]] Result<Value> ParseJson(const std::string& text, const std::string& where);

// The same for a file.
[[nodiscard]] Result<Value> ReadJsonFile(const std::string& path);

}  // namespace plasa::trainer
