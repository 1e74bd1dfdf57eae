#include "trainer/attention/attention_tiles.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "trainer/attention/fused_rows.h"
#include "trainer/kernels/part_clock.h"

namespace plasa::trainer {
namespace {

template <class T>
Matrix<const T> Const(Matrix<T> x) {
  return {x.data, x.stride};
}

}  // namespace

template <class T>
void AttentionTiles<T>::Forward(const Tile& tile, const TileKeys* keys, T* output, T* lse, T* teacher, T* z,
                                T* keep) const {
  if (teacher) std::fill_n(teacher, tile.rows * tile.room, T(0));
  for (int64_t h = 0; h < layout_.heads; ++h) {
    keys ? ForwardGathered(tile, *keys, h, output, lse, teacher, z, keep)
         : ForwardHead(tile, h, output, lse, teacher, z, keep);
  }
}

template <class T>
void AttentionTiles<T>::Backward(const T* lse, const T* d_out, const SplitQkv& d) const {
  const int64_t groups = layout_.groups, group = layout_.heads / groups, length = layout_.length;
  const PartTimer timer(Part::kAttention);
  at::parallel_for(0, layout_.batch * groups, 1, [&](int64_t begin, int64_t end) {
    std::vector<T> z(StripOf(length)), da(z.size()), keep(RoomOf(length));
    TileKeys keys(k_);
    const auto work = [&](const Tile& tile, int64_t h) {
      if (!IsGathered(tile, k_)) return BackwardHead(tile, h, lse, d_out, d, z.data(), da.data(), keep.data());
      keys.Read(tile, sets_);
      BackwardGathered(tile, keys, h, lse, d_out, d, z.data(), da.data(), keep.data());
    };
    for (int64_t i = begin; i < end; ++i) {
      for (int64_t h = i % groups * group; h < (i % groups + 1) * group; ++h)
        for (int64_t t0 = 0; t0 < length; t0 += kTileRows) work(Tile(i / groups, t0, length), h);
    }
  });
}

template <class T>
const T* AttentionTiles<T>::KeepRow(int64_t b, int64_t h, int64_t t, T* keep) const {
  if (dropout_.p == 0) return nullptr;
  const auto first = static_cast<uint64_t>(RowOf(b, h, t) * layout_.length);
  KeepMask(dropout_.stream, first, static_cast<size_t>(RoomOf(t + 1)), threshold_, keep_scale_, keep);
  return keep;
}

template <class T>
const T* AttentionTiles<T>::KeepKeys(int64_t b, int64_t h, int64_t t, const int32_t* keys, T* keep) const {
  if (dropout_.p == 0) return nullptr;
  const auto first = static_cast<uint64_t>(RowOf(b, h, t) * layout_.length);
  KeepMaskAt(dropout_.stream, first, keys, static_cast<size_t>(k_), threshold_, keep_scale_, keep);
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
    if (const T* factors = KeepKeys(tile.b, h, t, chosen, keep)) MultiplyRow(z, factors, k_);
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
    SoftmaxBackwardRow<T>(z, da, nullptr, KeepKeys(tile.b, h, t, chosen, keep), k_, scale_, lse[RowOf(tile.b, h, t)]);
    GatheredSum(z, k.data, width, chosen, k_, d_q.data + r * d_q.stride);
    ScatteredAdd(z, q_row, width, chosen, k_, d_k.data);
    ScatteredAdd(da, out_row, width, chosen, k_, d_v.data);
  }
}

template <class T>
void AttentionTiles<T>::ForwardHead(const Tile& tile, int64_t h, T* output, T* lse, T* teacher, T* strip,
                                    T* keep) const {
  const Matrix<T> z{strip, tile.room};
  Gemm<T>(false, true, tile.rows, tile.keys, layout_.width, Const(QueryRows(in_.q, tile, h)),
          Const(KeyRows(in_.k, tile, h)), T(0), z);
  const T share = T(1) / static_cast<T>(layout_.heads);
  for (int64_t r = 0; r < tile.rows; ++r) {
    const int64_t t = tile.t0 + r;
    T* row = z.data + r * tile.room;
    T* mean = teacher ? teacher + r * tile.room : nullptr;
    lse[RowOf(tile.b, h, t)] = SoftmaxRow(row, sets_.Row(tile.b, t), t + 1, scale_, mean, share);
    if (const T* factors = KeepRow(tile.b, h, t, keep)) MultiplyRow(row, factors, t + 1);
    std::fill(row + RoomOf(t + 1), row + tile.room, T(0));
  }
  Gemm<T>(false, false, tile.rows, layout_.width, tile.keys, Const(z), Const(KeyRows(in_.v, tile, h)), T(0),
          JoinedRows(output, tile, h));
}

template <class T>
void AttentionTiles<T>::BackwardHead(const Tile& tile, int64_t h, const T* lse, const T* d_out, const SplitQkv& d,
                                     T* z_strip, T* da_strip, T* keep) const {
  const int64_t rows = tile.rows, n = tile.keys, width = layout_.width;
  const Matrix<T> z{z_strip, tile.room}, da{da_strip, tile.room};
  const Matrix<const T> q = Const(QueryRows(in_.q, tile, h)), k = Const(KeyRows(in_.k, tile, h)),
                        out = JoinedRows(d_out, tile, h);
  Gemm<T>(false, true, rows, n, width, q, k, T(0), z);
  Gemm<T>(false, true, rows, n, width, out, Const(KeyRows(in_.v, tile, h)), T(0), da);
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t t = tile.t0 + r, used = RoomOf(t + 1);
    T *z_row = z.data + r * tile.room, *da_row = da.data + r * tile.room;
    SoftmaxBackwardRow(z_row, da_row, sets_.Row(tile.b, t), KeepRow(tile.b, h, t, keep), t + 1, scale_,
                       lse[RowOf(tile.b, h, t)]);
    std::fill(z_row + used, z_row + tile.room, T(0));
    std::fill(da_row + used, da_row + tile.room, T(0));
  }
  Gemm<T>(false, false, rows, width, n, Const(z), k, T(0), QueryRows(d.q, tile, h));
  Gemm<T>(true, false, n, width, rows, Const(z), q, T(1), KeyRows(d.k, tile, h));
  Gemm<T>(true, false, n, width, rows, Const(da), out, T(1), KeyRows(d.v, tile, h));
}

template class AttentionTiles<float>;
template class AttentionTiles<double>;

}  // namespace plasa::trainer
