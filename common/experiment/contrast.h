// The question of a sweep: which of two cells is better?
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace plasa {

// "a - b": is `a` better than `b`? Each names a cell's label, or one factor of it that only one label has.
struct Contrast {
  std::string a, b;
  std::optional<int64_t> seq_len;  // unset: at every length of the sweep
  std::string metric;
};

// Reads `a - b [at seq_len=N] [on METRIC]`; the sweep's metric where none is named. Errors say what was expected.
[[nodiscard]] Result<Contrast> ParseContrast(std::string_view text, const std::string& metric);

}  // namespace plasa
