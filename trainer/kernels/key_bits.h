// Sets of keys, one bit a key: key s is bit s % 16 of word s / 16. A word covers one group of lanes.
#pragma once

#include <cstdint>

#include "trainer/kernels/lanes.h"

namespace plasa::trainer {

using KeyWord = uint16_t;
static_assert(8 * sizeof(KeyWord) == kLanes);

// Words of a set among n keys.
constexpr int64_t WordsOf(int64_t n) { return RoomOf(n) / kLanes; }

inline bool HasKey(const KeyWord* set, int64_t s) { return (set[s / kLanes] >> (s % kLanes) & 1) != 0; }

// Fills WordsOf(n) words from n bytes, each 0 or 1; no key behind n.
void PackKeys(const uint8_t* keys, int64_t n, KeyWord* set);

// Keys of a set, and keys that two sets share, in `words` words.
[[nodiscard]] int64_t CountKeys(const KeyWord* set, int64_t words);
[[nodiscard]] int64_t CountSharedKeys(const KeyWord* a, const KeyWord* b, int64_t words);

}  // namespace plasa::trainer
