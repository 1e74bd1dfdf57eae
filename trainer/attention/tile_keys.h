// The keys that the queries of a tile chose, as numbers: where they are few, kernels pick them out instead of taking
// whole rows.
#pragma once

#include <vector>

#include "trainer/attention/set_rows.h"
#include "trainer/attention/tiles.h"
#include "trainer/kernels/gathered_rows.h"

namespace plasa::trainer {

inline constexpr int64_t kGatherFrom = 5;  // times as many keys as are chosen: below it, whole rows are quicker

// Whether the keys of a tile are picked out: each query chooses k of kGatherFrom times as many at least. k = 0: no
// choice.
inline bool IsGathered(const Tile& tile, int64_t k) { return k > 0 && tile.t0 >= kGatherFrom * k; }

// Of a tile that IsGathered. One thread's.
class TileKeys {
 public:
  explicit TileKeys(int64_t k) : k_(k), keys_(static_cast<size_t>(kTileRows * k)) {}

  void Read(const Tile& tile, const SetRows& sets) {
    for (int64_t r = 0; r < tile.rows; ++r)
      UnpackKeys(sets.Row(tile.b, tile.t0 + r), WordsOf(tile.t0 + r + 1), keys_.data() + r * k_);
  }
  [[nodiscard]] const int32_t* Row(int64_t r) const { return keys_.data() + r * k_; }
  [[nodiscard]] int64_t count() const { return k_; }

 private:
  int64_t k_;
  std::vector<int32_t> keys_;  // [row, k]
};

}  // namespace plasa::trainer
