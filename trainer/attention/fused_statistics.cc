#include "trainer/attention/fused_statistics.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "trainer/attention/fused_rows.h"
#include "trainer/attention/select_rows.h"
#include "trainer/attention/split_qkv.h"
#include "trainer/kernels/gemm.h"
#include "trainer/kernels/lanes.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kRows = 64;  // queries of a block

// Statistics of one block of queries of one batch row.
template <class T>
class BlockStatistics {
 public:
  BlockStatistics(const StatisticsInput& in, const QkvLayout& x, const SplitQkv& heads, int64_t b, int64_t t0)
      : in_(in),
        x_(x),
        heads_(heads),
        b_(b),
        t0_(t0),
        rows_(std::min(kRows, x.length - t0)),
        room_(RoomOf(t0 + rows_)),
        z_(kRows * room_),
        row_(room_),
        full_(kRows * room_),
        best_(room_),
        keys_(room_) {}

  LayerSums Run() {
    out_.distance.resize(std::bit_width(static_cast<uint64_t>(x_.length)) + 1);
    for (int64_t h = 0; h < x_.heads; ++h) AddHead(h);
    for (int64_t r = 0; r < rows_; ++r) AddRow(t0_ + r, full_.data() + r * room_);
    return std::move(out_);
  }

 private:
  const uint8_t* SetRow(int64_t t) const {
    return in_.set.defined() ? reinterpret_cast<const uint8_t*>(in_.set.data_ptr<bool>()) + At(t) : nullptr;
  }
  int64_t At(int64_t t) const { return (b_ * x_.length + t) * RoomOf(x_.length); }

  // Full softmax into the mean of the heads, and the entropy of the softmax over the set.
  void AddHead(int64_t h) {
    const int64_t n = t0_ + rows_, width = x_.width, group = x_.heads / x_.groups;
    const T* q = heads_.q.template data_ptr<T>() + ((b_ * x_.heads + h) * x_.length + t0_) * width;
    const T* k = heads_.k.template data_ptr<T>() + (b_ * x_.groups + h / group) * x_.length * width;
    Gemm<T>(false, true, rows_, n, width, {q, width}, {k, width}, T(0), {z_.data(), room_});
    const T scale = static_cast<T>(1.0 / std::sqrt(static_cast<double>(width))),
            share = T(1) / static_cast<T>(x_.heads);
    for (int64_t r = 0; r < rows_; ++r) {
      const int64_t t = t0_ + r;
      T* z = z_.data() + r * room_;
      std::copy_n(z, room_, row_.data());
      (void)SoftmaxRow<T>(z, nullptr, t + 1, scale, full_.data() + r * room_, share);
      const uint8_t* set = SetRow(t);
      if (set) (void)SoftmaxRow<T>(row_.data(), set, t + 1, scale, nullptr, T(0));
      if (t > 0)
        out_.entropy += EntropyRow(set ? row_.data() : z, t + 1) /
                        (static_cast<double>(x_.heads) * std::log(static_cast<double>(t + 1)));
    }
  }

  static double EntropyRow(const T* p, int64_t n) {
    Lanes<T> sum{};
    const Lanes<T> one = Splat(T(1));
    for (int64_t i = 0; i < n; i += kLanes) {
      const Lanes<T> x = Load(p + i);
      sum -= x * LogLanes(x > Lanes<T>{} ? x : one);
    }
    return static_cast<double>(SumOf<T>(sum));
  }

  void AddRow(int64_t t, const T* full) {
    const int64_t n = t + 1;
    const uint8_t* set = SetRow(t);
    const int64_t selected = set ? std::count(set, set + n, uint8_t{1}) : n;
    out_.selected += selected;
    double mass = 0;
    for (int64_t s = 0; s < n; ++s) mass += !set || set[s] ? static_cast<double>(full[s]) : 0;
    out_.mass += mass;
    if (in_.scores.defined()) AddIndexKl(t, full);
    if (!set || n <= in_.k) return;
    ++out_.sparse_rows;
    out_.sparse_mass += mass;
    (void)SelectRow(full, nullptr, n, in_.k, keys_.data(), best_.data());
    int64_t hits = 0;
    for (int64_t s = 0; s < n; ++s) hits += best_[s] & set[s];
    out_.set_recall += static_cast<double>(hits) / static_cast<double>(std::min(in_.k, n));
    out_.self += set[t];
    out_.first += set[0];
    for (int64_t s = 0; s < n; ++s) out_.distance[std::bit_width(static_cast<uint64_t>(t - s))] += set[s];
    if (in_.scores.defined()) out_.ties += IsTied(in_.scores.data_ptr<T>() + At(t), set, n);
  }

  void AddIndexKl(int64_t t, const T* full) {
    out_.index_kl +=
        static_cast<double>(KlRow<T>(in_.scores.data_ptr<T>() + At(t), full, nullptr, t + 1, T(0), row_.data()));
  }

  // Whether the last selected score equals the best one left out.
  static bool IsTied(const T* scores, const uint8_t* set, int64_t n) {
    T least = std::numeric_limits<T>::infinity(), most = -least;
    for (int64_t s = 0; s < n; ++s) {
      least = set[s] && scores[s] < least ? scores[s] : least;
      most = !set[s] && scores[s] > most ? scores[s] : most;
    }
    return least == most;
  }

  const StatisticsInput& in_;
  const QkvLayout& x_;
  const SplitQkv& heads_;
  int64_t b_, t0_, rows_, room_;
  std::vector<T> z_, row_, full_;
  std::vector<uint8_t> best_;
  std::vector<std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>> keys_;
  LayerSums out_;
};

template <class T>
LayerSums Sum(const StatisticsInput& in) {
  const at::Tensor qkv = in.qkv.contiguous();
  const QkvLayout layout(qkv, in.heads, in.kv_heads);
  const SplitQkv heads = Split<T>(layout, qkv, in.rotary);
  const int64_t blocks = (layout.length + kRows - 1) / kRows;
  std::vector<LayerSums> parts(layout.batch * blocks);
  at::parallel_for(0, layout.batch * blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      parts[i] = BlockStatistics<T>(in, layout, heads, i / blocks, i % blocks * kRows).Run();
  });
  LayerSums sum = parts.front();
  for (size_t i = 1; i < parts.size(); ++i) sum.Add(parts[i]);
  return sum;
}

}  // namespace

LayerSums FusedStatistics(const StatisticsInput& input) {
  LayerSums sums;
  AT_DISPATCH_FLOATING_TYPES(input.qkv.scalar_type(), "FusedStatistics", [&] { sums = Sum<scalar_t>(input); });
  sums.indexed = input.scores.defined();
  return sums;
}

void AddOverlap(const LayerRecord& previous, LayerRecord& layer) {
  const auto *a = reinterpret_cast<const uint8_t*>(previous.set.data_ptr<bool>()),
             *b = reinterpret_cast<const uint8_t*>(layer.set.data_ptr<bool>());
  const int64_t batch = layer.set.size(0), length = layer.set.size(1), room = layer.set.size(2);
  for (int64_t row = 0; row < batch * length; ++row) {
    const int64_t n = row % length + 1;
    if (n <= std::max(previous.k, layer.k)) continue;
    int64_t shared = 0;
    for (int64_t s = 0; s < n; ++s) shared += a[row * room + s] & b[row * room + s];
    layer.sums->overlap += static_cast<double>(shared) / static_cast<double>(std::min(previous.k, layer.k));
    ++layer.sums->overlap_rows;
  }
}

}  // namespace plasa::trainer
