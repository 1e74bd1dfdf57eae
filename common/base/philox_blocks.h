// Many blocks of Philox4x32-10 at once, in the widest instructions this machine has. Every version gives the same
// words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace plasa {

inline constexpr size_t kPhiloxBlocks = 16;

// Counters of the blocks: c0 and the low half of c1 are first + block[i]. Blocks in a row differ in `first` alone from
// call to call; entries that were just stored one by one would have to reach the cache before they are loaded together.
struct PhiloxCounters {
  uint64_t first;
  const uint64_t* block;  // [kPhiloxBlocks]
  uint32_t c1_high;       // added to c1
  uint32_t c2, c3;
};

// Writes the words of kPhiloxBlocks blocks, block after block.
using PhiloxBlocksFunction = void (*)(const PhiloxCounters& counters, std::array<uint32_t, 2> key, uint32_t* out);

// The version for this machine.
[[nodiscard]] PhiloxBlocksFunction PhiloxBlocks();

// Every version this machine can run, the plain one first: tests compare them.
[[nodiscard]] std::array<PhiloxBlocksFunction, 3> AllPhiloxBlocks();

}  // namespace plasa
