// Small pieces of text for people: rounded numbers, times, bars, sparklines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace plasa::cli {

// `value` rounded to `digits` significant places for a table ("2.4917", "1.2e-05"); NaN and infinities by name.
[[nodiscard]] std::string Rounded(double value, int digits = 5);

// "42 s", "3 min 20 s", "2 h 5 min"; "unknown" for a negative number.
[[nodiscard]] std::string DurationText(double seconds);

// "12 s ago"; `now_s` is passed in so that the text can be tested.
[[nodiscard]] std::string AgoText(double then_s, double now_s);

// "10", "10s", "5m", "2h", "1.5h", "250ms" as seconds; nullopt for anything else.
[[nodiscard]] std::optional<double> ParseDuration(absl::string_view text);

// `share` in [0,1] as a bar of `width` columns in eighths of a block.
[[nodiscard]] std::string BarText(double share, int width);

// The last `width` of `values` as blocks of eight heights, low to high; non-finite values are gaps.
[[nodiscard]] std::string SparkText(const std::vector<double>& values, size_t width);

}  // namespace plasa::cli
