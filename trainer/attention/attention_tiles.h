// Causal attention on the CPU, a tile of queries of all heads at a time; backwards, probabilities are computed again.
// Spec 5.1.
#pragma once

#include <ATen/core/Tensor.h>

#include <cmath>
#include <vector>

#include "common/base/philox.h"
#include "trainer/attention/set_rows.h"
#include "trainer/attention/split_qkv.h"
#include "trainer/attention/tile_blocks.h"
#include "trainer/attention/tile_keys.h"
#include "trainer/attention/tiles.h"
#include "trainer/kernels/gemm.h"

namespace plasa::trainer {

// Dropout of the probabilities.
struct AttentionDropout {
  double p = 0;
  Stream stream;
};

// Rows that a thread picks out by blocks, [keys, hd] each.
template <class T>
struct PickedRows {
  PickedRows() = default;
  explicit PickedRows(int64_t entries) : k(static_cast<size_t>(entries)), v(k.size()) {}
  std::vector<T> k, v;
};

// Room for what dropout does to the keys of queries that choose k: int16 [B,H,L,WordsOf(k)], a bit a key that is kept.
// To draw a key's number again costs more than to keep a bit, as three of four numbers are drawn in vain. Undefined
// where nothing is drawn for single keys.
[[nodiscard]] at::Tensor EmptyKept(const QkvLayout& layout, int64_t k, int64_t block, const AttentionDropout& dropout);

// The attention of one call, of element type T. Scores are q.k / sqrt(hd). Safe for several threads with strips of
// their own.
template <class T>
class AttentionTiles {
 public:
  // k: keys a query chooses, 0 = all s <= t; in blocks of `block` unless that is 0. `kept`: as EmptyKept gave it.
  AttentionTiles(const QkvLayout& layout, const SplitQkv& in, const SetRows& sets, const at::Tensor& kept, int64_t k,
                 int64_t block, const AttentionDropout& dropout)
      : layout_(layout),
        in_(in),
        sets_(sets),
        kept_(kept.defined() ? reinterpret_cast<KeyWord*>(kept.data_ptr<int16_t>()) : nullptr),
        k_(k),
        block_(block),
        dropout_(dropout),
        scale_(static_cast<T>(1.0 / std::sqrt(static_cast<double>(layout.width)))),
        threshold_(DropThreshold(dropout.p)),
        keep_scale_(static_cast<T>(1.0 / (1.0 - dropout.p))) {}

  // Fills the tile's rows of output [B,L,H*hd] and lse [B,H,L], and, unless nullptr, the strip `teacher` with the head
  // mean of the probabilities before dropout; with `keys`, given where the tile IsGathered, its rows begin with those
  // of the chosen keys in their order. `z` has ScoreStripOf(L) entries to work in, `keep` is a row of dropout factors.
  void Forward(const Tile& tile, const TileKeys* keys, T* output, T* lse, T* teacher, T* z, T* keep) const;

  // The same for the queries of a block: strips are those of blocks.Packed(tile), of the chosen keys alone.
  void ForwardBlocks(const Tile& tile, const TileBlocks& blocks, PickedRows<T>& picked, T* output, T* lse, T* teacher,
                     T* z, T* keep) const;

  // Fills d.q and adds to d.k and d.v, from d_out [B,L,H*hd] and what Forward gave. A thread takes key heads.
  void Backward(const T* output, const T* lse, const T* d_out, const SplitQkv& d) const;

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

  // Where a tile's keys and values lie, rows of one group: all up to its last query, or those of chosen blocks alone,
  // among which the tile is `seen`.
  struct KeyView {
    Tile seen;
    Matrix<T> k, v;
    const TileBlocks* blocks;  // or nullptr
  };
  [[nodiscard]] KeyView AllKeys(const Tile& tile, int64_t h) const {
    return {tile, KeyRows(in_.k, tile, h), KeyRows(in_.v, tile, h), nullptr};
  }
  [[nodiscard]] KeyView Pick(const Tile& tile, const TileBlocks& blocks, int64_t h, PickedRows<T>& picked) const;
  [[nodiscard]] const KeyWord* SetOf(const Tile& tile, const KeyView& keys, int64_t r) const {
    return keys.blocks ? nullptr : sets_.Row(tile.b, tile.t0 + r);
  }

  // Dropout factors of row (b, h, t) in `keep`, those of the keys in view, or nullptr without dropout.
  const T* KeepRow(int64_t b, int64_t h, int64_t t, const TileBlocks* blocks, T* keep) const;
  // Of keys first .. first+n-1 of the row.
  const T* KeepPart(int64_t b, int64_t h, int64_t t, int64_t first, int64_t n, T* keep) const;
  void ForwardHead(const Tile& tile, const KeyView& keys, int64_t h, T* output, T* lse, T* teacher, T* z,
                   T* keep) const;
  // Of all keys, with no teacher asked for.
  void ForwardByKeys(const Tile& tile, int64_t h, T* output, T* lse, T* z, T* keep) const;
  void ForwardGathered(const Tile& tile, const TileKeys& keys, int64_t h, T* output, T* lse, T* teacher, T* z,
                       T* keep) const;
  void BackwardGathered(const Tile& tile, const TileKeys& keys, int64_t h, const T* lse, const T* d_out,
                        const SplitQkv& d, T* z, T* da, T* keep) const;
  // The keys of the tiles that are gathered, by TileNumber: all heads use them.
  [[nodiscard]] std::vector<TileKeys> GatheredKeys() const;
  [[nodiscard]] int64_t TileNumber(const Tile& tile) const {
    return tile.b * TilesOf(layout_.length) + tile.t0 / kTileRows;
  }
  // Dropout factors of the chosen keys: drawn, and noted in `kept`; and, backwards, read there.
  const T* DrawKeys(int64_t b, int64_t h, int64_t t, const int32_t* keys, T* keep) const;
  const T* NotedKeys(int64_t b, int64_t h, int64_t t, T* keep) const;
  [[nodiscard]] KeyWord* KeptRow(int64_t b, int64_t h, int64_t t) const { return kept_ + RowOf(b, h, t) * WordsOf(k_); }
  // Adds to the gradients d_k and d_v of the keys in view.
  void BackwardHead(const Tile& tile, const KeyView& keys, int64_t h, const T* lse, const T* d_out, const SplitQkv& d,
                    Matrix<T> d_k, Matrix<T> d_v, T* z, T* da, T* keep) const;
  // Not for sets of one key, which must have no gradient (SoftmaxBackwardRow): those are gathered.
  void BackwardByKeys(const Tile& tile, int64_t h, const T* output, const T* lse, const T* d_out, const SplitQkv& d,
                      T* z, T* da, T* keep) const;
  // All tiles of group i of batch * groups.
  void BackwardByBlocks(int64_t i, const T* lse, const T* d_out, const SplitQkv& d, T* z, T* da, T* keep) const;

  const QkvLayout& layout_;
  const SplitQkv& in_;
  const SetRows& sets_;
  KeyWord* kept_;
  int64_t k_, block_;
  const AttentionDropout& dropout_;
  T scale_;
  uint32_t threshold_;
  T keep_scale_;
};

}  // namespace plasa::trainer
