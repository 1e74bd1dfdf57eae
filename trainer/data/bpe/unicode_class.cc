#include "trainer/data/bpe/unicode_class.h"

#include <algorithm>
#include <span>

#include "trainer/data/bpe/unicode_tables.h"

namespace plasa::trainer {
namespace {

bool Contains(std::span<const CodeRange> ranges, uint32_t code) {
  const auto behind = std::upper_bound(ranges.begin(), ranges.end(), code,
                                       [](uint32_t value, const CodeRange& range) { return value < range.first; });
  return behind != ranges.begin() && code <= std::prev(behind)->last;
}

bool IsAsciiLetter(uint32_t code) { return (code | 0x20) - 'a' < 26; }

size_t SequenceLength(uint8_t lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

}  // namespace

bool IsLetter(uint32_t code) { return code < 0x80 ? IsAsciiLetter(code) : Contains(kLetters, code); }

bool IsNumber(uint32_t code) { return code < 0x80 ? code - '0' < 10 : Contains(kNumbers, code); }

bool IsNumeric(uint32_t code) { return IsNumber(code) || Contains(kNewerNumbers, code); }

bool IsWhiteSpace(uint32_t code) {
  if (code < 0x80) return code == ' ' || code - '\t' < 5;
  return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
         code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool IsWordCharacter(uint32_t code) { return Contains(kWordCharacters, code); }

uint32_t NextCode(std::string_view text, size_t* at) {
  const auto lead = static_cast<uint8_t>(text[*at]);
  const size_t length = std::min(SequenceLength(lead), text.size() - *at);
  uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<uint8_t>(text[*at + i]) & 0x3FU);
  *at += length;
  return code;
}

uint32_t PreviousCode(std::string_view text, size_t* at) {
  do {
    --*at;
  } while (*at > 0 && (static_cast<uint8_t>(text[*at]) & 0xC0U) == 0x80U);
  size_t start = *at;
  return NextCode(text, &start);
}

void AppendUtf8(uint32_t code, std::string* text) {
  const auto push = [text](uint32_t byte) { text->push_back(static_cast<char>(byte)); };
  if (code < 0x80) return push(code);
  if (code >= 0x10000) push(0xF0 | code >> 18);
  if (code >= 0x800) push(code >= 0x10000 ? 0x80 | (code >> 12 & 0x3F) : 0xE0 | code >> 12);
  push(code >= 0x800 ? 0x80 | (code >> 6 & 0x3F) : 0xC0 | code >> 6);
  push(0x80 | (code & 0x3F));
}

}  // namespace plasa::trainer
