// The bytes of a sweep file before they are YAML.
#pragma once

#include <string>
#include <string_view>

namespace plasa::sweep {

// Refuses (by Refusal) text beyond kMaxText, what is not UTF-8, and control characters.
void CheckSourceText(std::string_view text);

// JSON writes characters beyond U+FFFF as two \u escapes, YAML as one \U escape: the former made the latter. Only where
// the text is JSON, that is, begins with a brace.
[[nodiscard]] std::string JoinSurrogateEscapes(std::string_view text);

}  // namespace plasa::sweep
