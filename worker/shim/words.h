// Lines of words between a worker daemon and a shim: words parted by single spaces, ended by a newline. Bytes that
// would break a line (space, control characters, '%') travel as %XX and an empty word as '%', so that any path or
// argument fits.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plasa::shim {

using Words = std::vector<std::string>;

// What each side says first after connecting. Another number means: do not talk to it.
inline constexpr std::string_view kGreeting = "plasa-shim 1";

// One line, newline included.
[[nodiscard]] std::string JoinWords(const Words& words);

// The words of `line` (without its newline); nullopt when an escape is broken.
[[nodiscard]] std::optional<Words> SplitWords(std::string_view line);

// Takes the first whole line out of `buffer`, without its newline; nullopt while there is none.
[[nodiscard]] std::optional<std::string> TakeLine(std::string& buffer);

}  // namespace plasa::shim
