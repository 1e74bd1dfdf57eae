// FNV-1a hashes: names of parameters to random streams, documents to sides of the split.
#pragma once

#include <cstdint>
#include <string_view>

namespace plasa {

// FNV-1a-32 of the bytes of `text`.
[[nodiscard]] constexpr uint32_t Fnv1a32(std::string_view text) {
  uint32_t h = 0x811C9DC5u;
  for (const char c : text) h = (h ^ static_cast<uint8_t>(c)) * 0x01000193u;
  return h;
}

inline constexpr uint64_t kFnv1a64Start = 0xCBF29CE484222325ull;

// FNV-1a-64 of the bytes of `text`, going on from `h`.
[[nodiscard]] constexpr uint64_t Fnv1a64(std::string_view text, uint64_t h = kFnv1a64Start) {
  for (const char c : text) h = (h ^ static_cast<uint8_t>(c)) * 0x100000001B3ull;
  return h;
}

}  // namespace plasa
