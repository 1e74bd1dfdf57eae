// The lightning indexer on the CPU, a tile of queries at a time: scores of causal pairs, and the index loss with its
// gradient. Spec 5.1 (indexer), 7.
#pragma once

#include <ATen/core/Tensor.h>

#include "trainer/attention/projections.h"
#include "trainer/attention/rope.h"
#include "trainer/attention/set_rows.h"
#include "trainer/attention/tile_keys.h"
#include "trainer/attention/tiles.h"
#include "trainer/kernels/gemm.h"

namespace plasa::trainer {

// Rotated heads without a graph, contiguous.
[[nodiscard]] IndexHeads FusedIndexHeads(const IndexRows& rows, const RotaryTable& rotary);

// Backward of FusedIndexHeads: the gradients of the rows from those of the heads, w taken as it is.
[[nodiscard]] IndexRows JoinIndexHeads(const IndexHeads& d, const RotaryTable& rotary);

// The rows of the index loss: all from `first` on.
struct LossRows {
  int64_t first = 0;
  int64_t count = 1;  // in all batch rows
};

// The indexer of one call. Strips are as in Tile; row r of a strip is defined, and 0 behind its query, in its first
// RoomOf(t0+r+1) entries. Safe for several threads, each with its own strips and its own part of d_k.
template <class T>
class IndexTiles {
 public:
  // `heads` as FusedIndexHeads gave them, of type T; they must stay.
  explicit IndexTiles(const IndexHeads& heads)
      : heads_(heads.q.size(1)),
        length_(heads.q.size(2)),
        width_(heads.q.size(3)),
        q_(heads.q.data_ptr<T>()),
        k_(heads.k.data_ptr<T>()),
        w_(heads.w.data_ptr<T>()) {}

  // The same indexer for the queries of batch row b alone, counted from its query `shift` on and in batch row 0, among
  // other keys [n, d_I]. The rows of d_q and d_w then begin at QueryAt(b, 0, shift) and WeightAt(b, shift, 0).
  [[nodiscard]] IndexTiles Over(int64_t b, int64_t shift, const T* keys) const {
    IndexTiles over = *this;
    over.q_ += QueryAt(b, 0, shift);
    over.w_ += WeightAt(b, shift, 0);
    over.k_ = keys;
    return over;
  }

  // Where the rows of a query lie in q and w.
  [[nodiscard]] int64_t QueryAt(int64_t b, int64_t j, int64_t t) const {
    return ((b * heads_ + j) * length_ + t) * width_;
  }
  [[nodiscard]] int64_t WeightAt(int64_t b, int64_t t, int64_t j) const { return (b * length_ + t) * heads_ + j; }

  // Fills the strip `scores`; `strip` has ScoreStripOf(L) entries to work in.
  void Scores(const Tile& tile, T* strip, T* scores) const;

  // Sum over the tile's rows of the loss of KL(teacher, softmax of the scores over the set). Fills `gradient`, that of
  // the loss's mean by the scores, all zeros behind the queries.
  double Loss(const Tile& tile, const T* scores, const T* teacher, const SetRows& sets, const LossRows& rows,
              T* gradient) const;

  // The same two for a tile whose keys are picked out: `teacher` and `gradient` hold the chosen keys' entries first in
  // each row, `dots` is a row to work in.
  double LossOfKeys(const Tile& tile, const TileKeys& keys, const T* scores, const T* teacher, const LossRows& rows,
                    T* gradient) const;
  void BackwardOfKeys(const Tile& tile, const TileKeys& keys, const T* gradient, T* dots, T* d_q, T* d_k, T* d_w) const;

  // From the gradient of the scores: fills the tile's rows of d_q [B,H_I,L,d_I] and d_w [B,L,H_I], adds to d_k [L,d_I].
  // `strip` as for Scores.
  void Backward(const Tile& tile, const T* gradient, T* strip, T* d_q, T* d_k, T* d_w) const;

 private:
  [[nodiscard]] const T* Keys(int64_t b) const { return k_ + b * length_ * width_; }

  [[nodiscard]] Matrix<const T> KeysFrom(int64_t b, int64_t first) const { return {Keys(b) + first * width_, width_}; }

  // Products of the tile's queries of head j with n keys from `first` on, in a strip.
  Matrix<T> Dots(const Tile& tile, int64_t j, int64_t first, int64_t n, T* strip) const;

  int64_t heads_, length_, width_;
  const T *q_, *k_, *w_;
};

}  // namespace plasa::trainer
