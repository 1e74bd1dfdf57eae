#include "trainer/kernels/key_bits.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace plasa::trainer {
namespace {

// Bit i of the result is byte i, each 0 or 1. The product moves byte i to bit 56 + i, and nothing else comes that high.
uint32_t PackEight(const uint8_t* bytes) {
  uint64_t x;
  std::memcpy(&x, bytes, sizeof x);
  if constexpr (std::endian::native == std::endian::big) x = __builtin_bswap64(x);
  return static_cast<uint32_t>(x * 0x0102040810204080u >> 56);
}

KeyWord PackWord(const uint8_t* bytes) { return static_cast<KeyWord>(PackEight(bytes) | PackEight(bytes + 8) << 8); }

}  // namespace

void PackKeys(const uint8_t* keys, int64_t n, KeyWord* set) {
  const int64_t whole = n / kLanes;
  for (int64_t i = 0; i < whole; ++i) set[i] = PackWord(keys + i * kLanes);
  if (whole * kLanes == n) return;
  uint8_t rest[kLanes] = {};
  std::copy(keys + whole * kLanes, keys + n, rest);
  set[whole] = PackWord(rest);
}

int64_t CountKeys(const KeyWord* set, int64_t words) {
  int64_t count = 0;
  for (int64_t i = 0; i < words; ++i) count += std::popcount(set[i]);
  return count;
}

int64_t CountSharedKeys(const KeyWord* a, const KeyWord* b, int64_t words) {
  int64_t count = 0;
  for (int64_t i = 0; i < words; ++i) count += std::popcount(static_cast<KeyWord>(a[i] & b[i]));
  return count;
}

}  // namespace plasa::trainer
