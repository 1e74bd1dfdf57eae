// Causal attention on the CPU, a tile of queries of all heads at a time; backwards, probabilities are computed again.
// Spec 5.1.
#pragma once

#include <ATen/core/Tensor.h>

#include <cmath>
#include <vector>

#include "common/base/philox.h"
#include "trainer/attention/set_rows.h"
#include "trainer/attention/split_qkv.h"
#include "trainer/attention/tile_keys.h"
#include "trainer/attention/tiles.h"
#include "trainer/kernels/gemm.h"

namespace plasa::trainer {

// Dropout of the probabilities.
struct AttentionDropout {
  double p = 0;
  Stream stream;
};

// The attention of one call, of element type T. Scores are q.k / sqrt(hd). Safe for several threads with strips of
// their own.
template <class T>
class AttentionTiles {
 public:
  // k: keys a query chooses, 0 = all s <= t.
  AttentionTiles(const QkvLayout& layout, const SplitQkv& in, const SetRows& sets, int64_t k,
                 const AttentionDropout& dropout)
      : layout_(layout),
        in_(in),
        sets_(sets),
        k_(k),
        dropout_(dropout),
        scale_(static_cast<T>(1.0 / std::sqrt(static_cast<double>(layout.width)))),
        threshold_(DropThreshold(dropout.p)),
        keep_scale_(static_cast<T>(1.0 / (1.0 - dropout.p))) {}

  // Fills the tile's rows of output [B,L,H*hd] and lse [B,H,L], and, unless nullptr, the strip `teacher` with the head
  // mean of the probabilities before dropout; with `keys`, given where the tile IsGathered, its rows begin with those
  // of the chosen keys in their order. `z` is a strip to work in, `keep` a row of it.
  void Forward(const Tile& tile, const TileKeys* keys, T* output, T* lse, T* teacher, T* z, T* keep) const;

  // Fills d.q and adds to d.k and d.v, from d_out [B,L,H*hd]. A thread takes key heads.
  void Backward(const T* lse, const T* d_out, const SplitQkv& d) const;

 private:
  [[nodiscard]] int64_t RowOf(int64_t b, int64_t h, int64_t t) const {
    return (b * layout_.heads + h) * layout_.length + t;
  }
  [[nodiscard]] Matrix<T> QueryRows(const at::Tensor& x, const Tile& tile, int64_t h) const {
    return {x.data_ptr<T>() + RowOf(tile.b, h, tile.t0) * layout_.width, layout_.width};
  }
  [[nodiscard]] Matrix<T> KeyRows(const at::Tensor& x, const Tile& tile, int64_t h) const {
    const int64_t group = h / (layout_.heads / layout_.groups);
    return {x.data_ptr<T>() + (tile.b * layout_.groups + group) * layout_.length * layout_.width, layout_.width};
  }
  // Rows of a head in a tensor [B,L,H*hd].
  template <class P>
  Matrix<P> JoinedRows(P* x, const Tile& tile, int64_t h) const {
    const int64_t row = layout_.heads * layout_.width;
    return {x + (tile.b * layout_.length + tile.t0) * row + h * layout_.width, row};
  }

  // Dropout factors of row (b, h, t) in `keep`, or nullptr without dropout.
  const T* KeepRow(int64_t b, int64_t h, int64_t t, T* keep) const;
  void ForwardHead(const Tile& tile, int64_t h, T* output, T* lse, T* teacher, T* z, T* keep) const;
  void ForwardGathered(const Tile& tile, const TileKeys& keys, int64_t h, T* output, T* lse, T* teacher, T* z,
                       T* keep) const;
  void BackwardGathered(const Tile& tile, const TileKeys& keys, int64_t h, const T* lse, const T* d_out,
                        const SplitQkv& d, T* z, T* da, T* keep) const;
  // Dropout factors of the chosen keys.
  const T* KeepKeys(int64_t b, int64_t h, int64_t t, const int32_t* keys, T* keep) const;
  void BackwardHead(const Tile& tile, int64_t h, const T* lse, const T* d_out, const SplitQkv& d, T* z, T* da,
                    T* keep) const;

  const QkvLayout& layout_;
  const SplitQkv& in_;
  const SetRows& sets_;
  int64_t k_;
  const AttentionDropout& dropout_;
  T scale_;
  uint32_t threshold_;
  T keep_scale_;
};

}  // namespace plasa::trainer
