#include "trainer/attention/attention_tiles.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "trainer/attention/fused_rows.h"
#include "trainer/kernels/factor_rows.h"
#include "trainer/kernels/free_threads.h"
#include "trainer/kernels/part_clock.h"

namespace plasa::trainer {
namespace {

template <class T>
Matrix<const T> Const(Matrix<T> x) {
  return {x.data, x.stride};
}

template <class T>
Matrix<T> RowsFrom(Matrix<T> x, int64_t first) {
  return {x.data + first * x.stride, x.stride};
}

template <class T>
Matrix<T> ColumnsFrom(Matrix<T> x, int64_t first) {
  return {x.data + first, x.stride};
}

// Of the rows of a strip of a block. Not a power of two, as in ScoreStrideOf.
constexpr int64_t kBlockStride = kKeyBlock + kLanes;

// Backwards, queries that see so many keys come in wider tiles: their products are faster by more than is computed
// above the diagonal in vain.
constexpr int64_t kWideRows = 128, kWideFrom = 1024;
static_assert(kKeyBlock % kWideRows == 0 && kWideFrom % kWideRows == 0, "as for kTileRows");

// The tile of batch row b that begins with query t0, where a query chooses k keys.
Tile BackwardTile(int64_t b, int64_t t0, int64_t length, int64_t k) {
  const Tile tile(b, t0, length);
  return t0 < kWideFrom || IsGathered(tile, k) ? tile : Tile(b, t0, length, kWideRows);
}

// out [rows,keys] = q k^T
template <class T>
void Scores(int64_t rows, int64_t keys, int64_t width, Matrix<const T> q, Matrix<const T> k, Matrix<T> out) {
  ForKeyBlocks(keys, [&](int64_t first, int64_t n) {
    Gemm<T>(false, true, rows, n, width, q, RowsFrom(k, first), T(0), ColumnsFrom(out, first), Sizes::kFew);
  });
}

// out [rows,width] = p v for p [rows,keys]
template <class T>
void Weighted(int64_t rows, int64_t keys, int64_t width, Matrix<const T> p, Matrix<const T> v, Matrix<T> out) {
  ForKeyBlocks(keys, [&](int64_t first, int64_t n) {
    Gemm<T>(false, false, rows, width, n, ColumnsFrom(p, first), RowsFrom(v, first), first > 0 ? T(1) : T(0), out,
            Sizes::kFew);
  });
}

// sum [keys,width] += p^T x for p [rows,keys]
template <class T>
void AddTransposed(int64_t rows, int64_t keys, int64_t width, Matrix<const T> p, Matrix<const T> x, Matrix<T> sum) {
  ForKeyBlocks(keys, [&](int64_t first, int64_t n) {
    Gemm<T>(true, false, n, width, rows, ColumnsFrom(p, first), x, T(1), RowsFrom(sum, first), Sizes::kFew);
  });
}

}  // namespace

at::Tensor EmptyKept(const QkvLayout& layout, int64_t k, int64_t block, const AttentionDropout& dropout) {
  if (dropout.p == 0 || block > 0 || !IsGathered(Tile(0, layout.length - 1, layout.length), k)) return {};
  return at::empty({layout.batch, layout.heads, layout.length, WordsOf(k)}, at::kShort);
}

template <class T>
void AttentionTiles<T>::Forward(const Tile& tile, const TileKeys* keys, T* output, T* lse, T* teacher, T* z,
                                T* keep) const {
  if (teacher) std::fill_n(teacher, tile.rows * tile.room, T(0));
  const bool by_keys = k_ == 0 && !teacher && tile.keys > kKeyBlock;
  for (int64_t h = 0; h < layout_.heads; ++h) {
    if (keys)
      ForwardGathered(tile, *keys, h, output, lse, teacher, z, keep);
    else if (by_keys)
      ForwardByKeys(tile, h, output, lse, z, keep);
    else
      ForwardHead(tile, AllKeys(tile, h), h, output, lse, teacher, z, keep);
  }
}

template <class T>
void AttentionTiles<T>::ForwardBlocks(const Tile& tile, const TileBlocks& blocks, PickedRows<T>& picked, T* output,
                                      T* lse, T* teacher, T* z, T* keep) const {
  const Tile packed = blocks.Packed(tile);
  const int64_t group = layout_.heads / layout_.groups;
  if (teacher) std::fill_n(teacher, packed.rows * packed.room, T(0));
  for (int64_t first = 0; first < layout_.heads; first += group) {
    const KeyView keys = Pick(tile, blocks, first, picked);
    for (int64_t h = first; h < first + group; ++h) ForwardHead(tile, keys, h, output, lse, teacher, z, keep);
  }
}

template <class T>
typename AttentionTiles<T>::KeyView AttentionTiles<T>::Pick(const Tile& tile, const TileBlocks& blocks, int64_t h,
                                                            PickedRows<T>& picked) const {
  const int64_t width = layout_.width;
  blocks.Pick(tile, KeyRows(in_.k, tile, h).data, width, picked.k.data());
  blocks.Pick(tile, KeyRows(in_.v, tile, h).data, width, picked.v.data());
  return {blocks.Packed(tile), {picked.k.data(), width}, {picked.v.data(), width}, &blocks};
}

template <class T>
void AttentionTiles<T>::Backward(const T* output, const T* lse, const T* d_out, const SplitQkv& d) const {
  const int64_t groups = layout_.groups, group = layout_.heads / groups, length = layout_.length;
  const PartTimer timer(Part::kAttention);
  const std::vector<TileKeys> keys = GatheredKeys();
  ForFreeThreads(layout_.batch * groups, [&](auto next) {
    std::vector<T> z(std::max(ScoreStripOf(length), kWideRows * kBlockStride)), da(z.size()), keep(KeepRoomOf(length));
    const auto work = [&](const Tile& tile, int64_t h) {
      if (IsGathered(tile, k_)) {
        BackwardGathered(tile, keys[TileNumber(tile)], h, lse, d_out, d, z.data(), da.data(), keep.data());
      } else if (tile.keys > kKeyBlock) {
        BackwardByKeys(tile, h, output, lse, d_out, d, z.data(), da.data(), keep.data());
      } else {
        BackwardHead(tile, AllKeys(tile, h), h, lse, d_out, d, KeyRows(d.k, tile, h), KeyRows(d.v, tile, h), z.data(),
                     da.data(), keep.data());
      }
    };
    for (int64_t i = next(); i >= 0; i = next()) {
      if (block_ > 0) {
        BackwardByBlocks(i, lse, d_out, d, z.data(), da.data(), keep.data());
        continue;
      }
      for (int64_t h = i % groups * group; h < (i % groups + 1) * group; ++h)
        for (int64_t t0 = 0; t0 < length;) {
          const Tile tile = BackwardTile(i / groups, t0, length, k_);
          work(tile, h);
          t0 += tile.rows;
        }
    }
  });
}

template <class T>
std::vector<TileKeys> AttentionTiles<T>::GatheredKeys() const {
  if (k_ == 0 || block_ > 0) return {};
  const int64_t tiles = TilesOf(layout_.length);
  std::vector<TileKeys> keys(static_cast<size_t>(layout_.batch * tiles), TileKeys(0));
  ForFreeThreads(layout_.batch * tiles, [&](auto next) {
    for (int64_t i = next(); i >= 0; i = next()) {
      const Tile tile(i / tiles, i % tiles * kTileRows, layout_.length);
      if (!IsGathered(tile, k_)) continue;
      keys[i] = TileKeys(k_);
      keys[i].Read(tile, sets_);
    }
  });
  return keys;
}

template <class T>
void AttentionTiles<T>::BackwardByBlocks(int64_t i, const T* lse, const T* d_out, const SplitQkv& d, T* z, T* da,
                                         T* keep) const {
  const int64_t length = layout_.length, width = layout_.width, group = layout_.heads / layout_.groups;
  const int64_t first = i % layout_.groups * group;
  TileBlocks blocks(k_, block_);
  const int64_t entries = blocks.MostKeys(length) * width;
  PickedRows<T> picked(entries), gradient(entries);
  ForBlocks(i / layout_.groups, 0, length, block_, [&](const Tile& tile) {
    blocks.Read(tile, sets_);
    const KeyView keys = Pick(tile, blocks, first, picked);
    std::fill_n(gradient.k.data(), keys.seen.keys * width, T(0));
    std::fill_n(gradient.v.data(), keys.seen.keys * width, T(0));
    for (int64_t h = first; h < first + group; ++h) {
      BackwardHead(tile, keys, h, lse, d_out, d, {gradient.k.data(), width}, {gradient.v.data(), width}, z, da, keep);
    }
    blocks.AddTo(tile, gradient.k.data(), width, KeyRows(d.k, tile, first).data);
    blocks.AddTo(tile, gradient.v.data(), width, KeyRows(d.v, tile, first).data);
  });
}

template <class T>
const T* AttentionTiles<T>::KeepRow(int64_t b, int64_t h, int64_t t, const TileBlocks* blocks, T* keep) const {
  if (dropout_.p == 0) return nullptr;
  if (blocks) {
    T* to = keep;
    for (const int64_t i : blocks->blocks()) {
      (void)KeepPart(b, h, t, i * blocks->block(), blocks->block(), to);
      to += blocks->block();
    }
    return keep;
  }
  return KeepPart(b, h, t, 0, t + 1, keep);
}

template <class T>
const T* AttentionTiles<T>::KeepPart(int64_t b, int64_t h, int64_t t, int64_t first, int64_t n, T* keep) const {
  if (dropout_.p == 0) return nullptr;
  const auto at = static_cast<uint64_t>(RowOf(b, h, t) * layout_.length + first);
  KeepMask(dropout_.stream, at, static_cast<size_t>(RoomOf(n)), threshold_, keep_scale_, keep);
  return keep;
}

template <class T>
const T* AttentionTiles<T>::DrawKeys(int64_t b, int64_t h, int64_t t, const int32_t* keys, T* keep) const {
  if (dropout_.p == 0) return nullptr;
  const auto first = static_cast<uint64_t>(RowOf(b, h, t) * layout_.length);
  KeepMaskAt(dropout_.stream, first, keys, static_cast<size_t>(k_), threshold_, keep_scale_, keep);
  PackFactors(keep, k_, KeptRow(b, h, t));
  return keep;
}

template <class T>
const T* AttentionTiles<T>::NotedKeys(int64_t b, int64_t h, int64_t t, T* keep) const {
  if (dropout_.p == 0) return nullptr;
  UnpackFactors(KeptRow(b, h, t), k_, keep_scale_, keep);
  return keep;
}

template <class T>
void AttentionTiles<T>::ForwardGathered(const Tile& tile, const TileKeys& keys, int64_t h, T* output, T* lse,
                                        T* teacher, T* z, T* keep) const {
  const Matrix<T> q = QueryRows(in_.q, tile, h), k = KeyRows(in_.k, tile, h), v = KeyRows(in_.v, tile, h),
                  out = JoinedRows(output, tile, h);
  const T share = T(1) / static_cast<T>(layout_.heads);
  for (int64_t r = 0; r < tile.rows; ++r) {
    const int64_t t = tile.t0 + r;
    const int32_t* chosen = keys.Row(r);
    GatheredDots(q.data + r * q.stride, k.data, layout_.width, chosen, k_, z);
    T* mean = teacher ? teacher + r * tile.room : nullptr;
    lse[RowOf(tile.b, h, t)] = SoftmaxRow<T>(z, nullptr, k_, scale_, mean, share);
    if (const T* factors = DrawKeys(tile.b, h, t, chosen, keep)) MultiplyRow(z, factors, k_);
    GatheredSum(z, v.data, layout_.width, chosen, k_, out.data + r * out.stride);
  }
}

template <class T>
void AttentionTiles<T>::BackwardGathered(const Tile& tile, const TileKeys& keys, int64_t h, const T* lse,
                                         const T* d_out, const SplitQkv& d, T* z, T* da, T* keep) const {
  const int64_t width = layout_.width;
  const Matrix<T> q = QueryRows(in_.q, tile, h), k = KeyRows(in_.k, tile, h), v = KeyRows(in_.v, tile, h),
                  d_q = QueryRows(d.q, tile, h), d_k = KeyRows(d.k, tile, h), d_v = KeyRows(d.v, tile, h);
  const Matrix<const T> out = JoinedRows(d_out, tile, h);
  for (int64_t r = 0; r < tile.rows; ++r) {
    const int64_t t = tile.t0 + r;
    const int32_t* chosen = keys.Row(r);
    const T *q_row = q.data + r * q.stride, *out_row = out.data + r * out.stride;
    GatheredDots(q_row, k.data, width, chosen, k_, z);
    GatheredDots(out_row, v.data, width, chosen, k_, da);
    SoftmaxBackwardRow<T>(z, da, nullptr, NotedKeys(tile.b, h, t, keep), k_, scale_, lse[RowOf(tile.b, h, t)]);
    GatheredSum(z, k.data, width, chosen, k_, d_q.data + r * d_q.stride);
    ScatteredAdd(z, q_row, width, chosen, k_, d_k.data);
    ScatteredAdd(da, out_row, width, chosen, k_, d_v.data);
  }
}

template <class T>
void AttentionTiles<T>::ForwardHead(const Tile& tile, const KeyView& keys, int64_t h, T* output, T* lse, T* teacher,
                                    T* strip, T* keep) const {
  const Tile& seen = keys.seen;
  const Matrix<T> z{strip, ScoreStrideOf(layout_.length)};
  Scores<T>(tile.rows, seen.keys, layout_.width, Const(QueryRows(in_.q, tile, h)), Const(keys.k), z);
  const T share = T(1) / static_cast<T>(layout_.heads);
  for (int64_t r = 0; r < tile.rows; ++r) {
    const int64_t t = tile.t0 + r, n = seen.t0 + r + 1;
    T* row = z.data + r * z.stride;
    T* mean = teacher ? teacher + r * seen.room : nullptr;
    lse[RowOf(tile.b, h, t)] = SoftmaxRow(row, SetOf(tile, keys, r), n, scale_, mean, share);
    if (const T* factors = KeepRow(tile.b, h, t, keys.blocks, keep)) MultiplyRow(row, factors, n);
    std::fill(row + RoomOf(n), row + seen.room, T(0));
  }
  Weighted<T>(tile.rows, seen.keys, layout_.width, Const(z), Const(keys.v), JoinedRows(output, tile, h));
}

template <class T>
void AttentionTiles<T>::BackwardHead(const Tile& tile, const KeyView& keys, int64_t h, const T* lse, const T* d_out,
                                     const SplitQkv& d, Matrix<T> d_k, Matrix<T> d_v, T* z_strip, T* da_strip,
                                     T* keep) const {
  const Tile& seen = keys.seen;
  const int64_t rows = tile.rows, n = seen.keys, width = layout_.width;
  const Matrix<T> z{z_strip, ScoreStrideOf(layout_.length)}, da{da_strip, z.stride};
  const Matrix<const T> q = Const(QueryRows(in_.q, tile, h)), k = Const(keys.k), out = JoinedRows(d_out, tile, h);
  Scores<T>(rows, n, width, q, k, z);
  Scores<T>(rows, n, width, out, Const(keys.v), da);
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t t = tile.t0 + r, visible = seen.t0 + r + 1, used = RoomOf(visible);
    T *z_row = z.data + r * z.stride, *da_row = da.data + r * da.stride;
    SoftmaxBackwardRow(z_row, da_row, SetOf(tile, keys, r), KeepRow(tile.b, h, t, keys.blocks, keep), visible, scale_,
                       lse[RowOf(tile.b, h, t)]);
    std::fill(z_row + used, z_row + seen.room, T(0));
    std::fill(da_row + used, da_row + seen.room, T(0));
  }
  Weighted<T>(rows, n, width, Const(z), k, QueryRows(d.q, tile, h));
  AddTransposed<T>(rows, n, width, Const(z), q, d_k);
  AddTransposed<T>(rows, n, width, Const(da), out, d_v);
}

// The keys pass block by block, so that scores never leave the cache.
template <class T>
void AttentionTiles<T>::ForwardByKeys(const Tile& tile, int64_t h, T* output, T* lse, T* strip, T* keep) const {
  const int64_t width = layout_.width;
  const Matrix<T> z{strip, kBlockStride}, k = KeyRows(in_.k, tile, h), v = KeyRows(in_.v, tile, h),
                                          out = JoinedRows(output, tile, h);
  const Matrix<const T> q = Const(QueryRows(in_.q, tile, h));
  SoftmaxSoFar<T> rows[kTileRows];
  ForKeyBlocks(tile.keys, [&](int64_t first, int64_t n) {
    Scores<T>(tile.rows, n, width, q, Const(RowsFrom(k, first)), z);
    for (int64_t r = 0; r < tile.rows; ++r) {
      const int64_t t = tile.t0 + r, visible = std::min(n, t + 1 - first);
      T *z_row = z.data + r * z.stride, *out_row = out.data + r * out.stride;
      const T factor = SoftmaxPart(z_row, visible, scale_, &rows[r]);
      if (first > 0) ScaleRow(factor, out_row, width, out_row);
      if (const T* factors = KeepPart(tile.b, h, t, first, visible, keep)) MultiplyRow(z_row, factors, visible);
      std::fill(z_row + RoomOf(visible), z_row + RoomOf(n), T(0));
    }
    Gemm<T>(false, false, tile.rows, width, n, Const(z), Const(RowsFrom(v, first)), first > 0 ? T(1) : T(0), out,
            Sizes::kFew);
  });
  for (int64_t r = 0; r < tile.rows; ++r) {
    T* out_row = out.data + r * out.stride;
    ScaleRow(T(1) / rows[r].sum, out_row, width, out_row);
    lse[RowOf(tile.b, h, tile.t0 + r)] = rows[r].top + std::log(rows[r].sum);
  }
}

// The same backwards: a row's sum of probability * gradient is its output * gradient, known before its blocks are.
template <class T>
void AttentionTiles<T>::BackwardByKeys(const Tile& tile, int64_t h, const T* output, const T* lse, const T* d_out,
                                       const SplitQkv& d, T* z_strip, T* da_strip, T* keep) const {
  const int64_t rows = tile.rows, width = layout_.width;
  const Matrix<T> z{z_strip, kBlockStride}, da{da_strip, kBlockStride},
      all_k = KeyRows(in_.k, tile, h), all_v = KeyRows(in_.v, tile, h), all_d_k = KeyRows(d.k, tile, h),
      all_d_v = KeyRows(d.v, tile, h);
  const Matrix<const T> q = Const(QueryRows(in_.q, tile, h)), out = JoinedRows(output, tile, h),
                        d_rows = JoinedRows(d_out, tile, h);
  T delta[kWideRows];
  for (int64_t r = 0; r < rows; ++r) {
    const T* row = out.data + r * out.stride;
    delta[r] = std::inner_product(row, row + width, d_rows.data + r * d_rows.stride, T(0));
  }
  ForKeyBlocks(tile.keys, [&](int64_t first, int64_t n) {
    const Matrix<const T> k = Const(RowsFrom(all_k, first)), v = Const(RowsFrom(all_v, first));
    Scores<T>(rows, n, width, q, k, z);
    Scores<T>(rows, n, width, d_rows, v, da);
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t t = tile.t0 + r, visible = std::min(n, t + 1 - first), used = RoomOf(visible);
      T *z_row = z.data + r * z.stride, *da_row = da.data + r * da.stride;
      const KeyWord* set = sets_.Row(tile.b, t);
      SoftmaxBackwardPart(z_row, da_row, set ? set + first / kLanes : nullptr,
                          KeepPart(tile.b, h, t, first, visible, keep), visible, scale_, lse[RowOf(tile.b, h, t)],
                          delta[r]);
      std::fill(z_row + used, z_row + RoomOf(n), T(0));
      std::fill(da_row + used, da_row + RoomOf(n), T(0));
    }
    Gemm<T>(false, false, rows, width, n, Const(z), k, first > 0 ? T(1) : T(0), QueryRows(d.q, tile, h), Sizes::kFew);
    AddTransposed<T>(rows, n, width, Const(z), q, RowsFrom(all_d_k, first));
    AddTransposed<T>(rows, n, width, Const(da), d_rows, RowsFrom(all_d_v, first));
  });
}

template class AttentionTiles<float>;
template class AttentionTiles<double>;

}  // namespace plasa::trainer
