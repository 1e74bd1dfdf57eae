// Classes of code points and UTF-8, as Hugging Face's tokenizers sees them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plasa::trainer {

[[nodiscard]] bool IsLetter(uint32_t code);         // \p{L}
[[nodiscard]] bool IsNumber(uint32_t code);         // \p{N}
[[nodiscard]] bool IsNumeric(uint32_t code);        // what the Digits pre-tokenizer cuts out: \p{N} of a newer Unicode
[[nodiscard]] bool IsWhiteSpace(uint32_t code);     // \s
[[nodiscard]] bool IsWordCharacter(uint32_t code);  // \w

// The code point that starts at `at`, which moves behind it. Precondition: `text` is UTF-8 and at < text.size().
[[nodiscard]] uint32_t NextCode(std::string_view text, size_t* at);
// The code point that ends before `at`, which moves to its start. Precondition: `text` is UTF-8 and at > 0.
[[nodiscard]] uint32_t PreviousCode(std::string_view text, size_t* at);
void AppendUtf8(uint32_t code, std::string* text);

}  // namespace plasa::trainer
