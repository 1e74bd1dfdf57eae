// Numbers as text, the same bytes on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plasa {

// Shortest text that reads back as the same double; integral values below 2^53 without fraction ("3"), non-finite ones
// as NaN, Infinity, -Infinity. -0.0 is "0".
[[nodiscard]] std::string NumberText(double value);

// The whole of `text` as a double / integer, else nullopt.
[[nodiscard]] std::optional<double> ParseDouble(std::string_view text);
[[nodiscard]] std::optional<int64_t> ParseInt(std::string_view text);

}  // namespace plasa
