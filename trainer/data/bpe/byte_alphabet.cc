#include "trainer/data/bpe/byte_alphabet.h"

#include <array>

#include "trainer/data/bpe/unicode_class.h"

namespace plasa::trainer {
namespace {

constexpr uint32_t kCodes = 256 + 68;  // 68 bytes are not printable: they follow 255, in order

constexpr bool IsPrintable(uint32_t byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF);
}

struct Alphabet {
  std::array<uint32_t, 256> code{};
  std::array<int16_t, kCodes> byte{};
};

constexpr Alphabet MakeAlphabet() {
  Alphabet alphabet;
  for (auto& byte : alphabet.byte) byte = -1;
  uint32_t next = 256;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    alphabet.code[byte] = IsPrintable(byte) ? byte : next++;
    alphabet.byte[alphabet.code[byte]] = static_cast<int16_t>(byte);
  }
  return alphabet;
}

constexpr Alphabet kAlphabet = MakeAlphabet();

}  // namespace

uint32_t CodeOfByte(uint8_t byte) { return kAlphabet.code[byte]; }

std::optional<std::string> BytesOfToken(std::string_view token) {
  std::string bytes;
  for (size_t at = 0; at < token.size();) {
    const uint32_t code = NextCode(token, &at);
    if (code >= kCodes || kAlphabet.byte[code] < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(kAlphabet.byte[code]));
  }
  return bytes;
}

}  // namespace plasa::trainer
