// GPT-2's alphabet: a printable code point for every byte, so that tokens of bytes can be written as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plasa::trainer {

[[nodiscard]] uint32_t CodeOfByte(uint8_t byte);
// The bytes that `token`, UTF-8 text in the alphabet, stands for; nothing if a code point is not of the alphabet.
[[nodiscard]] std::optional<std::string> BytesOfToken(std::string_view token);

}  // namespace plasa::trainer
