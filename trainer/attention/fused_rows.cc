#include "trainer/attention/fused_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "trainer/kernels/clones.h"
#include "trainer/kernels/lanes.h"

namespace plasa::trainer {
namespace {

template <class T>
constexpr T kLow = std::numeric_limits<T>::lowest();

// Calls f(i) for the first entry of each group of lanes that a row of n has room for.
template <class F>
PLASA_INLINE void ForLanes(int64_t n, F f) {
  for (int64_t i = 0; i < n; i += kLanes) f(i);
}

template <class T>
PLASA_INLINE Lanes<T> Chosen(const KeyWord* set, int64_t i, const Lanes<T>& inside, const Lanes<T>& outside) {
  return Select(MaskOf<T>(set[i / kLanes]), inside, outside);
}

// Log-sum-exp of scale * x over the set; leaves exp(scale * x - max) in `out`, 0 outside. What lies behind n in x is
// outside.
template <class T>
PLASA_INLINE T LogSumExp(const T* x, const KeyWord* set, int64_t n, T scale, T* out, T& total) {
  Lanes<T> top = Splat(kLow<T>);
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    Lanes<T> z = Load(x + i) * scale;
    if (set) z = Chosen<T>(set, i, z, Splat(kLow<T>));
    Store(out + i, z);
    top = Larger<T>(top, z);
  });
  const T largest = LargestOf<T>(top);
  Lanes<T> sum{};
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    const Lanes<T> e = ExpLanes(Load(out + i) - largest);
    Store(out + i, e);
    sum += e;
  });
  total = SumOf<T>(sum);
  return largest + std::log(total);
}

template <class T>
PLASA_INLINE T Softmax(T* z, const KeyWord* set, int64_t n, T scale, T* teacher, T share) {
  FillRoom(z, n, kLow<T>);
  T total = 0;
  const T lse = LogSumExp(z, set, n, scale, z, total);
  const T inverse = T(1) / total;
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    const Lanes<T> p = Load(z + i) * inverse;
    Store(z + i, p);
    if (teacher) Store<T>(teacher + i, Load(teacher + i) + share * p);
  });
  return lse;
}

template <class T>
PLASA_INLINE T SoftmaxOfPart(T* z, int64_t n, T scale, SoftmaxSoFar<T>* row) {
  FillRoom(z, n, kLow<T>);
  Lanes<T> top = Splat(row->top);
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA { top = Larger<T>(top, Load(z + i) * scale); });
  const T largest = LargestOf<T>(top), factor = std::exp(row->top - largest);
  Lanes<T> sum{};
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    const Lanes<T> e = ExpLanes(Load(z + i) * scale - largest);
    Store(z + i, e);
    sum += e;
  });
  *row = {largest, row->sum * factor + SumOf<T>(sum)};
  return factor;
}

// Softmax again, from its log-sum-exp: 0 outside the set. What lies behind n in z is outside.
template <class T>
PLASA_INLINE Lanes<T> Probability(const T* z, const KeyWord* set, int64_t i, T scale, T lse) {
  const Lanes<T> x = Load(z + i) * scale - lse;
  const Lanes<T> a = ExpLanes(Select(Negative(x), x, Lanes<T>{}));
  return set ? Chosen<T>(set, i, a, Lanes<T>{}) : a;
}

template <class T>
PLASA_INLINE void PutGradients(T* z, T* da, const T* keep, int64_t i, T scale, T delta, const Lanes<T>& a) {
  const Lanes<T> g = Load(da + i), k = keep ? Load(keep + i) : Splat(T(1));
  Store<T>(z + i, a * (k * g - delta) * scale);
  Store<T>(da + i, a * k);
}

template <class T>
PLASA_INLINE void SoftmaxBackward(T* z, T* da, const KeyWord* set, const T* keep, int64_t n, T scale, T lse) {
  FillRoom(z, n, kLow<T>);
  FillRoom(da, n, T(0));
  // The row's own sum, not gradient * output: with one key the gradient is exactly 0, and Adam would blow up any
  // rounding.
  Lanes<T> sum{};
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    const Lanes<T> a = Probability(z, set, i, scale, lse);
    const Lanes<T> g = keep ? Load(keep + i) * Load(da + i) : Load(da + i);
    Store(z + i, a);
    sum += a * g;
  });
  const T delta = SumOf<T>(sum);
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA { PutGradients(z, da, keep, i, scale, delta, Load(z + i)); });
}

template <class T>
PLASA_INLINE void BackwardOfPart(T* z, T* da, const KeyWord* set, const T* keep, int64_t n, T scale, T lse, T delta) {
  FillRoom(z, n, kLow<T>);
  FillRoom(da, n, T(0));
  ForLanes(n, [&](int64_t i)
                  PLASA_LAMBDA { PutGradients(z, da, keep, i, scale, delta, Probability(z, set, i, scale, lse)); });
}

template <class T>
PLASA_INLINE T Kl(const T* scores, const T* p, const KeyWord* set, int64_t n, T weight, T* gradient) {
  std::copy_n(scores, n, gradient);
  FillRoom(gradient, n, kLow<T>);
  T total = 0;
  const T lse = LogSumExp(gradient, set, n, T(1), gradient, total);
  const T inverse = T(1) / total;
  const Lanes<T> tiny = Splat(std::numeric_limits<T>::min());
  Lanes<T> kl{};
  ForLanes(n, [&](int64_t i) PLASA_LAMBDA {
    const Lanes<T> teacher = Load(p + i);
    const Lanes<T> log_p = LogLanes(Select(Less(tiny, teacher), teacher, Splat(T(1))));
    const Lanes<T> term = teacher * (log_p - (Load(scores + i) - lse));
    kl += Select(Less(Lanes<T>{}, teacher), term, Lanes<T>{});
    Store<T>(gradient + i, weight * (Load(gradient + i) * inverse - teacher));
  });
  return SumOf<T>(kl);
}

template <class T>
PLASA_INLINE T ScoresBackward(const T* gradient, T* dots, int64_t n, T w) {
  T part[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int64_t j = 0; j < kLanes; ++j) part[j] += gradient[i + j] * (dots[i + j] > T(0) ? dots[i + j] : T(0));
  }
  for (int64_t j = 0; i + j < n; ++j) part[j] += gradient[i + j] * (dots[i + j] > T(0) ? dots[i + j] : T(0));
  for (int64_t k = 0; k < n; ++k) dots[k] = dots[k] > T(0) ? gradient[k] * w : T(0);
  T sum = 0;
  for (const T x : part) sum += x;
  return sum;
}

template <class T>
PLASA_INLINE void AddScores(T* scores, const T* dots, int64_t n, T w) {
  for (int64_t i = 0; i < n; ++i) scores[i] += w * (dots[i] > T(0) ? dots[i] : T(0));
}

}  // namespace

// Each public loop once for float and once for double, in several instruction sets.
#define PLASA_ROWS(T)                                                                                            \
  template <>                                                                                                    \
  PLASA_CLONES T SoftmaxRow<T>(T * z, const KeyWord* set, int64_t n, T scale, T* teacher, T share) {             \
    return Softmax(z, set, n, scale, teacher, share);                                                            \
  }                                                                                                              \
  template <>                                                                                                    \
  PLASA_CLONES T SoftmaxPart<T>(T * z, int64_t n, T scale, SoftmaxSoFar<T> * row) {                              \
    return SoftmaxOfPart(z, n, scale, row);                                                                      \
  }                                                                                                              \
  template <>                                                                                                    \
  PLASA_CLONES void MultiplyRow<T>(T * x, const T* y, int64_t n) {                                               \
    ForLanes(n, [&](int64_t i) PLASA_LAMBDA { Store<T>(x + i, Load(x + i) * Load(y + i)); });                    \
  }                                                                                                              \
  template <>                                                                                                    \
  PLASA_CLONES void SoftmaxBackwardRow<T>(T * z, T * da, const KeyWord* set, const T* keep, int64_t n, T scale,  \
                                          T lse) {                                                               \
    SoftmaxBackward(z, da, set, keep, n, scale, lse);                                                            \
  }                                                                                                              \
  template <>                                                                                                    \
  PLASA_CLONES void SoftmaxBackwardPart<T>(T * z, T * da, const KeyWord* set, const T* keep, int64_t n, T scale, \
                                           T lse, T delta) {                                                     \
    BackwardOfPart(z, da, set, keep, n, scale, lse, delta);                                                      \
  }                                                                                                              \
  template <>                                                                                                    \
  PLASA_CLONES void AddScoresRow<T>(T * scores, const T* dots, int64_t n, T w) {                                 \
    AddScores(scores, dots, n, w);                                                                               \
  }                                                                                                              \
  template <>                                                                                                    \
  PLASA_CLONES T KlRow<T>(const T* scores, const T* p, const KeyWord* set, int64_t n, T weight, T* gradient) {   \
    return Kl(scores, p, set, n, weight, gradient);                                                              \
  }                                                                                                              \
  template <>                                                                                                    \
  PLASA_CLONES T ScoresBackwardRow<T>(const T* gradient, T* dots, int64_t n, T w) {                              \
    return ScoresBackward(gradient, dots, n, w);                                                                 \
  }

PLASA_ROWS(float)
PLASA_ROWS(double)

}  // namespace plasa::trainer
