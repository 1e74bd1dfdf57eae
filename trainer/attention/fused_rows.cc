#include "trainer/attention/fused_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "trainer/kernels/lanes.h"
#include "trainer/kernels/this_cpu.h"

namespace plasa::trainer {
namespace {

template <class T>
constexpr T kLow = std::numeric_limits<T>::lowest();

// Calls f(i) for the first entry of each group of lanes that a row of n has room for.
template <class F>
PLASA_INLINE void ForLanes(int64_t n, F f) {
  for (int64_t i = 0; i < n; i += kLanes) f(i);
}

template <int64_t R, class T>
PLASA_INLINE Lanes<T, R> Chosen(const KeyWord* set, int64_t i, const Lanes<T, R>& inside, const Lanes<T, R>& outside) {
  return Select(MaskOf<T, R>(set[i / kLanes]), inside, outside);
}

// Log-sum-exp of scale * x over the set; leaves exp(scale * x - max) in `out`, 0 outside. What lies behind n in x is
// outside.
template <int64_t R, class T>
PLASA_INLINE T LogSumExp(const T* x, const KeyWord* set, int64_t n, T scale, T* out, T& total) {
  Lanes<T, R> top = Splat<R>(kLow<T>);
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    Lanes<T, R> z = Load<R>(x + i) * scale;
    if (set) z = Chosen<R>(set, i, z, Splat<R>(kLow<T>));
    Store(out + i, z);
    top = Larger(top, z);
  });
  const T largest = LargestOf(top);
  Lanes<T, R> sum{};
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    const Lanes<T, R> e = ExpLanes(Load<R>(out + i) - largest);
    Store(out + i, e);
    sum += e;
  });
  total = SumOf(sum);
  return largest + std::log(total);
}

template <int64_t R, class T>
PLASA_INLINE T Softmax(T* z, const KeyWord* set, int64_t n, T scale, T* teacher, T share) {
  FillRoom<R>(z, n, kLow<T>);
  T total = 0;
  const T lse = LogSumExp<R>(z, set, n, scale, z, total);
  const T inverse = T(1) / total;
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    const Lanes<T, R> p = Load<R>(z + i) * inverse;
    Store(z + i, p);
    if (teacher) Store(teacher + i, Load<R>(teacher + i) + share * p);
  });
  return lse;
}

template <int64_t R, class T>
PLASA_INLINE T SoftmaxOfPart(T* z, int64_t n, T scale, SoftmaxSoFar<T>* row) {
  FillRoom<R>(z, n, kLow<T>);
  Lanes<T, R> top = Splat<R>(row->top);
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA { top = Larger(top, Load<R>(z + i) * scale); });
  const T largest = LargestOf(top), factor = std::exp(row->top - largest);
  Lanes<T, R> sum{};
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    const Lanes<T, R> e = ExpLanes(Load<R>(z + i) * scale - largest);
    Store(z + i, e);
    sum += e;
  });
  *row = {largest, row->sum * factor + SumOf(sum)};
  return factor;
}

// Softmax again, from its log-sum-exp: 0 outside the set. What lies behind n in z is outside.
template <int64_t R, class T>
PLASA_INLINE Lanes<T, R> Probability(const T* z, const KeyWord* set, int64_t i, T scale, T lse) {
  const Lanes<T, R> x = Load<R>(z + i) * scale - lse;
  const Lanes<T, R> a = ExpLanes(Select(Negative(x), x, Lanes<T, R>{}));
  return set ? Chosen<R>(set, i, a, Lanes<T, R>{}) : a;
}

template <int64_t R, class T>
PLASA_INLINE void PutGradients(T* z, T* da, const T* keep, int64_t i, T scale, T delta, const Lanes<T, R>& a) {
  const Lanes<T, R> g = Load<R>(da + i), k = keep ? Load<R>(keep + i) : Splat<R>(T(1));
  Store(z + i, a * (k * g - delta) * scale);
  Store(da + i, a * k);
}

template <int64_t R, class T>
PLASA_INLINE void SoftmaxBackward(T* z, T* da, const KeyWord* set, const T* keep, int64_t n, T scale, T lse) {
  FillRoom<R>(z, n, kLow<T>);
  FillRoom<R>(da, n, T(0));
  // The row's own sum, not gradient * output: with one key the gradient is exactly 0, and Adam would blow up any
  // rounding.
  Lanes<T, R> sum{};
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    const Lanes<T, R> a = Probability<R>(z, set, i, scale, lse);
    const Lanes<T, R> g = keep ? Load<R>(keep + i) * Load<R>(da + i) : Load<R>(da + i);
    Store(z + i, a);
    sum += a * g;
  });
  const T delta = SumOf(sum);
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA { PutGradients(z, da, keep, i, scale, delta, Load<R>(z + i)); });
}

template <int64_t R, class T>
PLASA_INLINE void BackwardOfPart(T* z, T* da, const KeyWord* set, const T* keep, int64_t n, T scale, T lse, T delta) {
  FillRoom<R>(z, n, kLow<T>);
  FillRoom<R>(da, n, T(0));
  ForLanes(n, [&](int64_t i)
                  PLASA_LAMBDA { PutGradients(z, da, keep, i, scale, delta, Probability<R>(z, set, i, scale, lse)); });
}

template <int64_t R, class T>
PLASA_INLINE T Kl(const T* scores, const T* p, const KeyWord* set, int64_t n, T weight, T* gradient) {
  std::copy_n(scores, n, gradient);
  FillRoom<R>(gradient, n, kLow<T>);
  T total = 0;
  const T lse = LogSumExp<R>(gradient, set, n, T(1), gradient, total);
  const T inverse = T(1) / total;
  const Lanes<T, R> tiny = Splat<R>(std::numeric_limits<T>::min());
  Lanes<T, R> kl{};
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    const Lanes<T, R> teacher = Load<R>(p + i);
    const Lanes<T, R> log_p = LogLanes(Select(Less(tiny, teacher), teacher, Splat<R>(T(1))));
    const Lanes<T, R> term = teacher * (log_p - (Load<R>(scores + i) - lse));
    kl += Select(Less(Lanes<T, R>{}, teacher), term, Lanes<T, R>{});
    Store(gradient + i, weight * (Load<R>(gradient + i) * inverse - teacher));
  });
  return SumOf(kl);
}

template <int64_t R, class T>
PLASA_INLINE T ScoresBackward(const T* gradient, T* dots, int64_t n, T w) {
  const Lanes<T, R> zero{};
  Lanes<T, R> sum{};
  ForParts<R, T>(n, [&](int64_t i, auto load, auto store) PLASA_LAMBDA {
    const Lanes<T, R> g = load(gradient + i), dot = load(dots + i);
    const LaneMask<T, R> positive = Less(zero, dot);
    sum += g * Select(positive, dot, zero);
    store(dots + i, Select(positive, g * w, zero));
  });
  return SumOf(sum);
}

template <int64_t R, class T>
PLASA_INLINE void Multiply(T* x, const T* y, int64_t n) {
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA { Store(x + i, Load<R>(x + i) * Load<R>(y + i)); });
}

template <class T>
PLASA_INLINE void Pack(const T* factors, int64_t n, KeyWord* bits) {
  for (int64_t i = 0; i < n; i += kLanes) {
    uint32_t word = 0;
    for (int64_t j = 0; j < kLanes; ++j) word |= (factors[i + j] != T(0) ? 1u : 0u) << j;
    bits[i / kLanes] = static_cast<KeyWord>(n - i < kLanes ? word & ((1u << (n - i)) - 1) : word);
  }
}

template <int64_t R, class T>
PLASA_INLINE void Unpack(const KeyWord* bits, int64_t n, T kept, T* factors) {
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA { Store(factors + i, Chosen<R>(bits, i, Splat<R>(kept), Splat<R>(T(0)))); });
}

template <int64_t R, class T>
PLASA_INLINE void AddScores(T* scores, const T* dots, int64_t n, T w) {
  ForParts<R, T>(n, [&](int64_t i, auto load, auto store) PLASA_LAMBDA {
    store(scores + i, load(scores + i) + w * Larger(load(dots + i), Lanes<T, R>{}));
  });
}

}  // namespace

template <class T>
T SoftmaxRow(T* z, const KeyWord* set, int64_t n, T scale, T* teacher, T share) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA { return Softmax<r>(z, set, n, scale, teacher, share); });
}

template <class T>
T SoftmaxPart(T* z, int64_t n, T scale, SoftmaxSoFar<T>* row) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA { return SoftmaxOfPart<r>(z, n, scale, row); });
}

template <class T>
void MultiplyRow(T* x, const T* y, int64_t n) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { Multiply<r>(x, y, n); });
}

template <class T>
void PackFactors(const T* factors, int64_t n, KeyWord* bits) {
  ForThisCpu([=](auto) PLASA_LAMBDA { Pack(factors, n, bits); });
}

template <class T>
void UnpackFactors(const KeyWord* bits, int64_t n, T kept, T* factors) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { Unpack<r>(bits, n, kept, factors); });
}

template <class T>
void SoftmaxBackwardRow(T* z, T* da, const KeyWord* set, const T* keep, int64_t n, T scale, T lse) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { SoftmaxBackward<r>(z, da, set, keep, n, scale, lse); });
}

template <class T>
void SoftmaxBackwardPart(T* z, T* da, const KeyWord* set, const T* keep, int64_t n, T scale, T lse, T delta) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { BackwardOfPart<r>(z, da, set, keep, n, scale, lse, delta); });
}

template <class T>
void AddScoresRow(T* scores, const T* dots, int64_t n, T w) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { AddScores<r>(scores, dots, n, w); });
}

template <class T>
T KlRow(const T* scores, const T* p, const KeyWord* set, int64_t n, T weight, T* gradient) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA { return Kl<r>(scores, p, set, n, weight, gradient); });
}

template <class T>
T ScoresBackwardRow(const T* gradient, T* dots, int64_t n, T w) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA { return ScoresBackward<r>(gradient, dots, n, w); });
}

#define PLASA_ROWS(T)                                                                    \
  template T SoftmaxRow(T*, const KeyWord*, int64_t, T, T*, T);                          \
  template T SoftmaxPart(T*, int64_t, T, SoftmaxSoFar<T>*);                              \
  template void MultiplyRow(T*, const T*, int64_t);                                      \
  template void PackFactors(const T*, int64_t, KeyWord*);                                \
  template void UnpackFactors(const KeyWord*, int64_t, T, T*);                           \
  template void SoftmaxBackwardRow(T*, T*, const KeyWord*, const T*, int64_t, T, T);     \
  template void SoftmaxBackwardPart(T*, T*, const KeyWord*, const T*, int64_t, T, T, T); \
  template void AddScoresRow(T*, const T*, int64_t, T);                                  \
  template T KlRow(const T*, const T*, const KeyWord*, int64_t, T, T*);                  \
  template T ScoresBackwardRow(const T*, T*, int64_t, T);
PLASA_ROWS(float)
PLASA_ROWS(double)

}  // namespace plasa::trainer
