#include "trainer/attention/index_tiles.h"

#include <ATen/Dispatch.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>
#include <vector>

#include "trainer/attention/fused_rows.h"
#include "trainer/kernels/rotate.h"

namespace plasa::trainer {
namespace {

HeadGroup GroupOf(int64_t batch, int64_t length, int64_t heads, int64_t width, const RotaryTable& rotary) {
  const int64_t turned = rotary.cos.defined() ? rotary.cos.size(1) : 0;
  return {batch, length, heads, width, heads * width, 0, turned > 0 ? RotaryStyle::kHalves : RotaryStyle::kNone,
          turned};
}
HeadGroup Queries(const IndexHeads& x, const RotaryTable& rotary) {
  return GroupOf(x.q.size(0), x.q.size(2), x.q.size(1), x.q.size(3), rotary);
}
HeadGroup Keys(const IndexHeads& x, const RotaryTable& rotary) {
  return GroupOf(x.k.size(0), x.k.size(1), 1, x.k.size(2), rotary);
}

// The tables, nullptr where nothing turns.
template <class T>
const T* Table(const at::Tensor& table) {
  return table.defined() ? table.data_ptr<T>() : nullptr;
}

}  // namespace

template <class T>
Matrix<T> IndexTiles<T>::Dots(const Tile& tile, int64_t j, int64_t first, int64_t n, T* strip) const {
  const Matrix<T> dots{strip, ScoreStrideOf(std::min(length_, kKeyBlock))};
  Gemm<T>(false, true, tile.rows, n, width_, {q_ + QueryAt(tile.b, j, tile.t0), width_}, KeysFrom(tile.b, first), T(0),
          dots, Sizes::kFew);
  return dots;
}

template <class T>
void IndexTiles<T>::Scores(const Tile& tile, T* strip, T* scores) const {
  std::fill_n(scores, tile.rows * tile.room, T(0));
  ForKeyBlocks(tile.keys, [&](int64_t first, int64_t n) {
    for (int64_t j = 0; j < heads_; ++j) {
      const Matrix<T> dots = Dots(tile, j, first, n, strip);
      for (int64_t r = 0; r < tile.rows; ++r) {
        const int64_t t = tile.t0 + r, visible = std::min(n, t + 1 - first);
        AddScoresRow(scores + r * tile.room + first, dots.data + r * dots.stride, visible, w_[WeightAt(tile.b, t, j)]);
      }
    }
  });
}

template <class T>
double IndexTiles<T>::Loss(const Tile& tile, const T* scores, const T* teacher, const SetRows& sets,
                           const LossRows& rows, T* gradient) const {
  const T weight = T(1) / static_cast<T>(rows.count);
  double sum = 0;
  for (int64_t r = 0; r < tile.rows; ++r) {
    const int64_t t = tile.t0 + r, at = r * tile.room;
    const bool counts = t >= rows.first;
    if (counts) sum += KlRow(scores + at, teacher + at, sets.Row(tile.b, t), t + 1, weight, gradient + at);
    std::fill(gradient + at + (counts ? RoomOf(t + 1) : 0), gradient + at + tile.room, T(0));
  }
  return sum;
}

template <class T>
double IndexTiles<T>::LossOfKeys(const Tile& tile, const TileKeys& keys, const T* scores, const T* teacher,
                                 const LossRows& rows, T* gradient) const {
  const T weight = T(1) / static_cast<T>(rows.count);
  const int64_t k = keys.count();
  std::vector<T> chosen(static_cast<size_t>(RoomOf(k)));
  double sum = 0;
  for (int64_t r = 0; r < tile.rows; ++r) {
    const int64_t at = r * tile.room;
    if (tile.t0 + r < rows.first) {
      std::fill_n(gradient + at, k, T(0));
      continue;
    }
    for (int64_t i = 0; i < k; ++i) chosen[i] = scores[at + keys.Row(r)[i]];
    sum += KlRow<T>(chosen.data(), teacher + at, nullptr, k, weight, gradient + at);
  }
  return sum;
}

template <class T>
void IndexTiles<T>::BackwardOfKeys(const Tile& tile, const TileKeys& keys, const T* gradient, T* dots, T* d_q, T* d_k,
                                   T* d_w) const {
  const int64_t k = keys.count();
  for (int64_t r = 0; r < tile.rows; ++r) {
    const int64_t t = tile.t0 + r;
    const int32_t* chosen = keys.Row(r);
    for (int64_t j = 0; j < heads_; ++j) {
      const int64_t w = WeightAt(tile.b, t, j), q = QueryAt(tile.b, j, t);
      GatheredDots(q_ + q, Keys(tile.b), width_, chosen, k, dots);
      d_w[w] = ScoresBackwardRow(gradient + r * tile.room, dots, k, w_[w]);
      GatheredSum(dots, Keys(tile.b), width_, chosen, k, d_q + q);
      ScatteredAdd(dots, q_ + q, width_, chosen, k, d_k);
    }
  }
}

template <class T>
void IndexTiles<T>::Backward(const Tile& tile, const T* gradient, T* strip, T* d_q, T* d_k, T* d_w) const {
  for (int64_t r = 0; r < tile.rows; ++r) std::fill_n(d_w + WeightAt(tile.b, tile.t0 + r, 0), heads_, T(0));
  ForKeyBlocks(tile.keys, [&](int64_t first, int64_t n) {
    for (int64_t j = 0; j < heads_; ++j) {
      const Matrix<T> dots = Dots(tile, j, first, n, strip);
      for (int64_t r = 0; r < tile.rows; ++r) {
        const int64_t w = WeightAt(tile.b, tile.t0 + r, j);
        d_w[w] += ScoresBackwardRow(gradient + r * tile.room + first, dots.data + r * dots.stride, n, w_[w]);
      }
      const Matrix<const T> d_dots{dots.data, dots.stride};
      const int64_t q = QueryAt(tile.b, j, tile.t0);
      Gemm<T>(false, false, tile.rows, width_, n, d_dots, KeysFrom(tile.b, first), first > 0 ? T(1) : T(0),
              {d_q + q, width_}, Sizes::kFew);
      Gemm<T>(true, false, n, width_, tile.rows, d_dots, {q_ + q, width_}, T(1), {d_k + first * width_, width_},
              Sizes::kFew);
    }
  });
}

template class IndexTiles<float>;
template class IndexTiles<double>;

IndexHeads FusedIndexHeads(const IndexRows& given, const RotaryTable& rotary) {
  const IndexRows rows{given.q.detach().contiguous(), given.k.detach().contiguous(), given.w.detach().contiguous()};
  const int64_t batch = rows.k.size(0), length = rows.k.size(1), width = rows.k.size(2), heads = rows.w.size(2);
  const IndexHeads out{at::empty({batch, heads, length, width}, rows.q.options()),
                       at::empty(rows.k.sizes(), rows.k.options()), rows.w};
  AT_DISPATCH_FLOATING_TYPES(rows.q.scalar_type(), "FusedIndexHeads", [&] {
    const auto *cos = Table<scalar_t>(rotary.cos), *sin = Table<scalar_t>(rotary.sin);
    SplitHeads(Queries(out, rotary), rows.q.data_ptr<scalar_t>(), cos, sin, out.q.data_ptr<scalar_t>());
    SplitHeads(Keys(out, rotary), rows.k.data_ptr<scalar_t>(), cos, sin, out.k.data_ptr<scalar_t>());
  });
  return out;
}

IndexRows JoinIndexHeads(const IndexHeads& d, const RotaryTable& rotary) {
  const int64_t batch = d.q.size(0), length = d.q.size(2);
  const IndexRows out{at::empty({batch, length, d.q.size(1) * d.q.size(3)}, d.q.options()), at::empty_like(d.k), d.w};
  AT_DISPATCH_FLOATING_TYPES(d.q.scalar_type(), "JoinIndexHeads", [&] {
    const auto *cos = Table<scalar_t>(rotary.cos), *sin = Table<scalar_t>(rotary.sin);
    JoinHeads(Queries(d, rotary), d.q.data_ptr<scalar_t>(), cos, sin, out.q.data_ptr<scalar_t>());
    JoinHeads(Keys(d, rotary), d.k.data_ptr<scalar_t>(), cos, sin, out.k.data_ptr<scalar_t>());
  });
  return out;
}

}  // namespace plasa::trainer
