// The order in which kernels walk over the queries of a layer.
#pragma once

#include <algorithm>
#include <cstdint>

#include "trainer/kernels/free_threads.h"
#include "trainer/kernels/lanes.h"

namespace plasa::trainer {

inline constexpr int64_t kTileRows = 64;

// Queries t0 .. t0+rows-1 of batch row b. A strip of a tile holds `rows` rows of `room` entries, one a key.
struct Tile {
  Tile(int64_t b_in, int64_t t0_in, int64_t length, int64_t most = kTileRows)
      : b(b_in), t0(t0_in), rows(std::min(most, length - t0)), keys(t0 + rows), room(RoomOf(keys)) {}

  int64_t b, t0, rows;
  int64_t keys;  // that its last query may see
  int64_t room;
};

// Of a window.
constexpr int64_t TilesOf(int64_t length) { return (length + kTileRows - 1) / kTileRows; }

// Entries of the largest strip of windows of this length.
constexpr int64_t StripOf(int64_t length) { return kTileRows * RoomOf(length); }

// Rows of attention's own strips lie this far apart, in whatever tile of a window: so their products come in few sizes.
// Not a power of two, or the rows of a window of one would fall on each other in the cache.
constexpr int64_t ScoreStrideOf(int64_t length) { return RoomOf(length) + kLanes; }
constexpr int64_t ScoreStripOf(int64_t length) { return kTileRows * ScoreStrideOf(length); }

// Keys that products of queries and, where it can, attention's softmax take at a time.
inline constexpr int64_t kKeyBlock = 512;
static_assert(kKeyBlock % kTileRows == 0, "every query of a tile must see a key of each block that the tile sees");

// Calls f(first key, keys) for blocks of the keys in order.
template <class Use>
void ForKeyBlocks(int64_t keys, Use f) {
  for (int64_t first = 0; first < keys; first += kKeyBlock) f(first, std::min(kKeyBlock, keys - first));
}

// Entries of the largest row of dropout factors: those of whole blocks of keys may end behind the window.
constexpr int64_t KeepRoomOf(int64_t length) { return RoomOf(length) + kTileRows; }

// The tiles of a batch row are dealt out to this many parts. What is summed over tiles is summed a part and then over
// the parts, so that sums do not depend on threads.
inline int64_t PartsOf(int64_t length) { return std::min<int64_t>(16, TilesOf(length)); }

// Calls work(tile, part) for every tile, with part in 0 .. batch * PartsOf(length) - 1, those of batch row b being
// b * PartsOf(length) and on. The tiles of a part come in order, on one thread. Late tiles see more keys than early
// ones: neighbouring parts begin from both ends and change sides each round, so that threads get equal work. Each
// thread makes its own `work` by make().
template <class Make>
void ForTiles(int64_t batch, int64_t length, Make make) {
  const int64_t parts = PartsOf(length);
  ForFreeThreads(batch * parts, [&](auto next) {
    auto work = make();
    for (int64_t part = next(); part >= 0; part = next()) {
      const int64_t i = part % parts, place = i % 2 == 0 ? i / 2 : parts - 1 - i / 2;
      for (int64_t round = 0; round * parts * kTileRows < length; ++round) {
        const int64_t tile = round * parts + (round % 2 == 0 ? place : parts - 1 - place);
        if (tile * kTileRows < length) work(Tile(part / parts, tile * kTileRows, length), part);
      }
    }
  });
}

}  // namespace plasa::trainer
