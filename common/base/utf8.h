// Text from programs we do not know. What is not well-formed UTF-8 (overlong forms and surrogates are not) may stand
// neither in JSON nor in a string of a protobuf message: who receives one refuses the whole message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plasa {

// Bytes of the well-formed character that `bytes` begins with; 0 where there is none.
[[nodiscard]] size_t Utf8Length(std::string_view bytes);

[[nodiscard]] bool IsUtf8(std::string_view bytes);

// `bytes` with each that belongs to no well-formed character replaced by U+FFFD.
[[nodiscard]] std::string ToUtf8(std::string_view bytes);

// The same with '?', which keeps the length.
[[nodiscard]] std::string ToUtf8OfSameLength(std::string bytes);

// Text of at most 1,000 bytes and an ellipsis: beginning and end of a longer one. Characters stay whole.
[[nodiscard]] std::string Shortened(const std::string& text);

}  // namespace plasa
