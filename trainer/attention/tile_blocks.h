// The blocks of keys that the queries of a tile share in block selection (docs/science.md), and what is picked out of
// rows of keys for them.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "common/experiment/schedule.h"
#include "trainer/attention/select_rows.h"
#include "trainer/attention/selection.h"
#include "trainer/attention/set_rows.h"
#include "trainer/attention/tiles.h"

namespace plasa::trainer {

// Tiles here are the queries of one block, or those of it that the window has. One thread's.
class TileBlocks {
 public:
  // k > 0 keys a query chooses, in blocks of `block`, a divisor of kTileRows.
  TileBlocks(int64_t k, int64_t block) : block_(block), budget_(BlockBudget(k, block)) {}

  // Whether the queries from t0 on see more blocks than they may attend to.
  [[nodiscard]] bool IsChoice(const Tile& tile) const { return tile.t0 / block_ >= budget_; }

  // Chooses by the index scores of the tile's first query, needed only where there IsChoice: later queries of the tile
  // have no say, for what they choose would tell the earlier ones of their future. Throws std::runtime_error on a score
  // that is not a number.
  template <class T>
  void Choose(const Tile& tile, const T* scores) {
    const int64_t own = tile.t0 / block_;
    chosen_.assign(static_cast<size_t>(own + 1), 1);
    if (IsChoice(tile)) ChooseEarlier(own, scores);
    Collect();
  }

  // What was chosen for a tile, from the set of its first query, and the other way round.
  void Read(const Tile& tile, const SetRows& sets) {
    chosen_.resize(static_cast<size_t>(tile.t0 / block_ + 1));
    const KeyWord* set = sets.Row(tile.b, tile.t0);
    for (size_t i = 0; i < chosen_.size(); ++i) chosen_[i] = HasKey(set, static_cast<int64_t>(i) * block_) ? 1 : 0;
    Collect();
  }
  void Write(const Tile& tile, const SetRows& sets) {
    keys_.assign(static_cast<size_t>(tile.t0 + block_), 0);
    for (const int64_t i : blocks_) std::fill_n(keys_.begin() + i * block_, block_, uint8_t{1});
    for (int64_t t = tile.t0; t < tile.keys; ++t) PackKeys(keys_.data(), t + 1, sets.Row(tile.b, t));
  }

  // The tile as it looks when no keys but the chosen ones exist: its queries are the last of them.
  [[nodiscard]] Tile Packed(const Tile& tile) const {
    const int64_t earlier = (static_cast<int64_t>(blocks_.size()) - 1) * block_;
    return {0, earlier, earlier + tile.rows};
  }

  // Picks the chosen keys' rows out of `rows`, and adds such rows to those they were picked from.
  template <class T>
  void Pick(const Tile& tile, const T* rows, int64_t width, T* out) const {
    for (const int64_t i : blocks_) out = std::copy_n(rows + i * block_ * width, RowsOf(tile, i) * width, out);
  }
  template <class T>
  void AddTo(const Tile& tile, const T* picked, int64_t width, T* rows) const {
    for (const int64_t i : blocks_) {
      T* to = rows + i * block_ * width;
      const int64_t n = RowsOf(tile, i) * width;
      for (int64_t j = 0; j < n; ++j) to[j] += picked[j];
      picked += n;
    }
  }

  // Numbers of the chosen blocks, ascending; the last is the tile's own.
  [[nodiscard]] const std::vector<int64_t>& blocks() const { return blocks_; }
  [[nodiscard]] int64_t block() const { return block_; }
  // Of rows that Pick fills at most, in windows of this length.
  [[nodiscard]] int64_t MostKeys(int64_t length) const { return std::min(budget_ * block_, length); }

 private:
  template <class T>
  void ChooseEarlier(int64_t own, const T* scores) {
    std::vector<T> best(static_cast<size_t>(own));
    std::vector<OrderOf<T>> order(best.size());
    std::vector<uint8_t> free(best.size(), 1);
    free[0] = 0;
    for (int64_t i = 1; i < own; ++i) best[i] = BestOf(scores + i * block_);
    if (!SelectRow(best.data(), free.data(), own, budget_ - 2, order.data(), chosen_.data())) ThrowNanScore();
    chosen_[0] = 1;
  }
  template <class T>
  [[nodiscard]] T BestOf(const T* scores) const {
    T best = -std::numeric_limits<T>::infinity();
    for (int64_t s = 0; s < block_; ++s) {
      if (std::isnan(scores[s])) return scores[s];
      best = std::max(best, scores[s]);
    }
    return best;
  }

  void Collect() {
    blocks_.clear();
    for (size_t i = 0; i < chosen_.size(); ++i) {
      if (chosen_[i] != 0) blocks_.push_back(static_cast<int64_t>(i));
    }
  }
  [[nodiscard]] int64_t RowsOf(const Tile& tile, int64_t i) const { return i == blocks_.back() ? tile.rows : block_; }

  int64_t block_, budget_;
  std::vector<uint8_t> chosen_;  // of the blocks up to the tile's own
  std::vector<uint8_t> keys_;
  std::vector<int64_t> blocks_;
};

// Calls work(tile) for the queries begin .. end-1 of batch row b, `block` at a time.
template <class Work>
void ForBlocks(int64_t b, int64_t begin, int64_t end, int64_t block, Work work) {
  for (int64_t t0 = begin; t0 < end; t0 += block) work(Tile(b, t0, std::min(t0 + block, end)));
}

}  // namespace plasa::trainer
