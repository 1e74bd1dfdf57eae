#include "trainer/kernels/gathered_rows.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "trainer/kernels/lanes.h"
#include "trainer/kernels/this_cpu.h"

namespace plasa::trainer {
namespace {

// Places in a pair of vectors of those lanes that have a partner kApart behind them; the second vector's fill the
// partners' places.
template <int64_t kApart, class Mask, int32_t... p>
PLASA_INLINE Mask Near(std::integer_sequence<int32_t, p...>) {
  return Mask{(p % (2 * kApart) < kApart ? p : p + static_cast<int32_t>(sizeof...(p) - kApart))...};
}

// Makes of the first 2 kApart vectors one whose lane j is the sum of the lanes of x[j], joined as Folded() joins them.
template <int64_t kApart, int64_t R>
PLASA_INLINE void Join(typename Lanes<float, R>::Part* x) {
  using Mask = typename Lanes<int32_t, R>::Part;
  const Mask near = Near<kApart, Mask>(std::make_integer_sequence<int32_t, Lanes<float, R>::kWidth>());
  for (int64_t j = 0; j < kApart; ++j) {
    const auto a = x[j], b = x[j + kApart];
    x[j] = __builtin_shuffle(a, b, near) + __builtin_shuffle(a, b, near + static_cast<int32_t>(kApart));
  }
  if constexpr (kApart > 1) Join<kApart / 2, R>(x);
}

// Lane j of the result is the sum of the lanes of x[j].
template <int64_t R>
PLASA_INLINE Lanes<float, R> SumEach(const Lanes<float, R>* x) {
  using L = Lanes<float, R>;
  typename L::Part sums[kLanes];
  for (int64_t j = 0; j < kLanes; ++j) {
    sums[j] = x[j].part[0];
    for (int64_t i = 1; i < L::kParts; ++i) sums[j] += x[j].part[i];
  }
  return EachPart<float, R>([&](int64_t i) PLASA_LAMBDA {
    Join<L::kWidth / 2, R>(sums + i * L::kWidth);
    return sums[i * L::kWidth];
  });
}
template <int64_t R>
PLASA_INLINE Lanes<double, R> SumEach(const Lanes<double, R>* x) {
  double sums[kLanes];
  for (int64_t j = 0; j < kLanes; ++j) sums[j] = SumOf(x[j]);
  return Load<R>(sums);
}

template <int64_t R, class T>
PLASA_INLINE T Dot(const T* a, const T* b, int64_t width) {
  Lanes<T, R> sum{};
  ForParts<R, T>(width, [&](int64_t i, auto load, auto) PLASA_LAMBDA { sum += load(a + i) * load(b + i); });
  return SumOf(sum);
}

template <int64_t R, class T>
PLASA_INLINE void Dots(const T* q, const T* rows, int64_t width, const int32_t* keys, int64_t n, T* z) {
  int64_t i = 0;
  if (width % kLanes == 0) {
    for (; i + kLanes <= n; i += kLanes) {
      Lanes<T, R> part[kLanes];
      for (int64_t j = 0; j < kLanes; ++j) {
        const T* row = rows + keys[i + j] * width;
        part[j] = Load<R>(q) * Load<R>(row);
        for (int64_t c = kLanes; c < width; c += kLanes) part[j] += Load<R>(q + c) * Load<R>(row + c);
      }
      Store(z + i, SumEach(part));
    }
  }
  for (; i < n; ++i) z[i] = Dot<R>(q, rows + keys[i] * width, width);
}

template <int64_t R, class T>
PLASA_INLINE void Sum(const T* p, const T* rows, int64_t width, const int32_t* keys, int64_t n, T* out) {
  constexpr int64_t kChains = 4;  // sums that do not wait for each other
  ForParts<R, T>(width, [&](int64_t c, auto load, auto store) PLASA_LAMBDA {
    Lanes<T, R> sum[kChains] = {};
    int64_t i = 0;
    for (; i + kChains <= n; i += kChains)
      for (int64_t j = 0; j < kChains; ++j) sum[j] += p[i + j] * load(rows + keys[i + j] * width + c);
    for (; i < n; ++i) sum[0] += p[i] * load(rows + keys[i] * width + c);
    store(out + c, (sum[0] + sum[1]) + (sum[2] + sum[3]));
  });
}

template <int64_t R, class T>
PLASA_INLINE void ScatterAdd(const T* p, const T* x, int64_t width, const int32_t* keys, int64_t n, T* rows) {
  ForParts<R, T>(width, [&](int64_t c, auto load, auto store) PLASA_LAMBDA {
    const Lanes<T, R> add = load(x + c);
    for (int64_t i = 0; i < n; ++i) {
      T* to = rows + keys[i] * width + c;
      store(to, load(to) + p[i] * add);
    }
  });
}

}  // namespace

int64_t UnpackKeys(const KeyWord* set, int64_t words, int32_t* keys) {
  int64_t n = 0;
  for (int64_t i = 0; i < words; ++i) {
    for (uint32_t word = set[i]; word != 0; word &= word - 1)
      keys[n++] = static_cast<int32_t>(i * kLanes + std::countr_zero(word));
  }
  return n;
}

template <class T>
void GatheredDots(const T* q, const T* rows, int64_t width, const int32_t* keys, int64_t n, T* z) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { Dots<r>(q, rows, width, keys, n, z); });
}

template <class T>
void GatheredSum(const T* p, const T* rows, int64_t width, const int32_t* keys, int64_t n, T* out) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { Sum<r>(p, rows, width, keys, n, out); });
}

template <class T>
void ScatteredAdd(const T* p, const T* x, int64_t width, const int32_t* keys, int64_t n, T* rows) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { ScatterAdd<r>(p, x, width, keys, n, rows); });
}

#define PLASA_GATHERED(T)                                                               \
  template void GatheredDots(const T*, const T*, int64_t, const int32_t*, int64_t, T*); \
  template void GatheredSum(const T*, const T*, int64_t, const int32_t*, int64_t, T*);  \
  template void ScatteredAdd(const T*, const T*, int64_t, const int32_t*, int64_t, T*);
PLASA_GATHERED(float)
PLASA_GATHERED(double)

}  // namespace plasa::trainer
