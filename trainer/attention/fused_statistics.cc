#include "trainer/attention/fused_statistics.h"

#include <ATen/Dispatch.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "trainer/attention/fused_rows.h"
#include "trainer/attention/index_tiles.h"
#include "trainer/attention/select_rows.h"
#include "trainer/attention/split_qkv.h"
#include "trainer/kernels/gemm.h"
#include "trainer/kernels/lanes.h"
#include "trainer/kernels/this_cpu.h"

namespace plasa::trainer {
namespace {

// Keys as flags, for loops over rows.
void UnpackKeys(const KeyWord* set, int64_t n, uint8_t* keys) {
  for (int64_t s = 0; s < n; ++s) keys[s] = HasKey(set, s);
}

template <int64_t R, class T>
PLASA_INLINE T Entropy(const T* p, int64_t n) {
  Lanes<T, R> sum{};
  const Lanes<T, R> one = Splat<R>(T(1));
  for (int64_t i = 0; i < n; i += kLanes) {
    const Lanes<T, R> x = Load<R>(p + i);
    sum -= x * LogLanes(Select(Less(Lanes<T, R>{}, x), x, one));
  }
  return SumOf(sum);
}

template <class T>
double EntropyRow(const T* p, int64_t n) {
  return static_cast<double>(ForThisCpu([=](auto r) PLASA_LAMBDA { return Entropy<r>(p, n); }));
}

// Whether the last selected score equals the best one left out.
template <class T>
bool IsTied(const T* scores, const uint8_t* set, int64_t n) {
  T least = std::numeric_limits<T>::infinity(), most = -least;
  for (int64_t s = 0; s < n; ++s) {
    least = set[s] && scores[s] < least ? scores[s] : least;
    most = !set[s] && scores[s] > most ? scores[s] : most;
  }
  return least == most;
}

// Statistics of the tiles a thread is given, one after the other.
template <class T>
class TileStatistics {
 public:
  TileStatistics(const StatisticsInput& in, const QkvLayout& x, const SplitQkv& heads)
      : in_(in),
        x_(x),
        heads_(heads),
        sets_(in.set),
        z_(ScoreStripOf(x.length)),
        full_(z_.size()),
        row_(RoomOf(x.length)),
        chosen_(x.length),
        best_(x.length),
        order_(x.length) {
    if (!in.index.q.defined()) return;
    index_.emplace(in.index);
    scores_.resize(z_.size());
  }

  // Adds the tile's figures to `out`.
  void Add(const Tile& tile, LayerSums& out) {
    out.distance.resize(std::bit_width(static_cast<uint64_t>(x_.length)) + 1);
    if (index_) index_->Scores(tile, z_.data(), scores_.data());
    std::fill_n(full_.data(), tile.rows * tile.room, T(0));
    for (int64_t h = 0; h < x_.heads; ++h) AddHead(tile, h, out);
    for (int64_t r = 0; r < tile.rows; ++r)
      AddRow(sets_.Row(tile.b, tile.t0 + r), tile.t0 + r, full_.data() + r * tile.room,
             index_ ? scores_.data() + r * tile.room : nullptr, out);
  }

 private:
  // Full softmax into the mean of the heads, and the entropy of the softmax over the set.
  void AddHead(const Tile& tile, int64_t h, LayerSums& out) {
    const int64_t width = x_.width, group = x_.heads / x_.groups;
    const T* q = heads_.q.template data_ptr<T>() + ((tile.b * x_.heads + h) * x_.length + tile.t0) * width;
    const T* k = heads_.k.template data_ptr<T>() + (tile.b * x_.groups + h / group) * x_.length * width;
    Gemm<T>(false, true, tile.rows, tile.keys, width, {q, width}, {k, width}, T(0), {z_.data(), tile.room});
    const T scale = static_cast<T>(1.0 / std::sqrt(static_cast<double>(width))),
            share = T(1) / static_cast<T>(x_.heads);
    for (int64_t r = 0; r < tile.rows; ++r) {
      const int64_t t = tile.t0 + r;
      T* z = z_.data() + r * tile.room;
      std::copy_n(z, RoomOf(t + 1), row_.data());
      (void)SoftmaxRow<T>(z, nullptr, t + 1, scale, full_.data() + r * tile.room, share);
      const KeyWord* set = sets_.Row(tile.b, t);
      if (set) (void)SoftmaxRow<T>(row_.data(), set, t + 1, scale, nullptr, T(0));
      if (t > 0)
        out.entropy += EntropyRow(set ? row_.data() : z, t + 1) /
                       (static_cast<double>(x_.heads) * std::log(static_cast<double>(t + 1)));
    }
  }

  // `set` is nullptr in a layer that attends to all keys, `scores` in one without an indexer.
  void AddRow(const KeyWord* set, int64_t t, const T* full, const T* scores, LayerSums& out) {
    const int64_t n = t + 1;
    if (set)
      UnpackKeys(set, n, chosen_.data());
    else
      std::fill_n(chosen_.data(), n, uint8_t{1});
    double mass = 0;
    for (int64_t s = 0; s < n; ++s) mass += chosen_[s] ? static_cast<double>(full[s]) : 0;
    out.selected += set ? CountKeys(set, WordsOf(n)) : n;
    out.mass += mass;
    if (scores) out.index_kl += static_cast<double>(KlRow<T>(scores, full, nullptr, n, T(0), row_.data()));
    if (!set || n <= in_.k) return;
    AddSparseRow(t, full, out);
    out.sparse_mass += mass;
    if (scores) out.ties += IsTied(scores, chosen_.data(), n);
  }

  void AddSparseRow(int64_t t, const T* full, LayerSums& out) {
    const int64_t n = t + 1;
    ++out.sparse_rows;
    (void)SelectRow(full, nullptr, n, in_.k, order_.data(), best_.data());
    int64_t hits = 0;
    for (int64_t s = 0; s < n; ++s) hits += best_[s] & chosen_[s];
    out.set_recall += static_cast<double>(hits) / static_cast<double>(std::min(in_.k, n));
    out.self += chosen_[t];
    out.first += chosen_[0];
    for (int64_t s = 0; s < n; ++s) out.distance[std::bit_width(static_cast<uint64_t>(t - s))] += chosen_[s];
  }

  const StatisticsInput& in_;
  const QkvLayout& x_;
  const SplitQkv& heads_;
  SetRows sets_;
  std::optional<IndexTiles<T>> index_;
  std::vector<T> z_, full_, scores_;    // strips
  std::vector<T> row_;                  // room of a row
  std::vector<uint8_t> chosen_, best_;  // keys of a row
  std::vector<OrderOf<T>> order_;
};

template <class T>
LayerSums Sum(const StatisticsInput& in) {
  const at::Tensor qkv = in.qkv.contiguous();
  const QkvLayout layout(qkv, in.heads, in.kv_heads);
  const SplitQkv heads = Split<T>(layout, qkv, in.rotary);
  std::vector<LayerSums> parts(layout.batch * PartsOf(layout.length));
  ForTiles(layout.batch, layout.length, [&] {
    return [&parts, statistics = TileStatistics<T>(in, layout, heads)](const Tile& tile, int64_t part) mutable {
      statistics.Add(tile, parts[part]);
    };
  });
  LayerSums sum = parts.front();
  for (size_t i = 1; i < parts.size(); ++i) sum.Add(parts[i]);
  return sum;
}

}  // namespace

LayerSums FusedStatistics(const StatisticsInput& input) {
  LayerSums sums;
  AT_DISPATCH_FLOATING_TYPES(input.qkv.scalar_type(), "FusedStatistics", [&] { sums = Sum<scalar_t>(input); });
  sums.indexed = input.index.q.defined();
  return sums;
}

void AddOverlap(const LayerRecord& previous, LayerRecord& layer) {
  const SetRows before(previous.set), here(layer.set);
  const int64_t more = std::max(previous.k, layer.k);
  for (int64_t b = 0; b < layer.set.size(0); ++b) {
    for (int64_t t = more; t < layer.set.size(1); ++t) {
      const int64_t words = WordsOf(t + 1), shared = CountSharedKeys(before.Row(b, t), here.Row(b, t), words);
      const int64_t fewer = std::min(CountKeys(before.Row(b, t), words), CountKeys(here.Row(b, t), words));
      layer.sums->overlap += static_cast<double>(shared) / static_cast<double>(fewer);
      ++layer.sums->overlap_rows;
    }
  }
}

}  // namespace plasa::trainer
