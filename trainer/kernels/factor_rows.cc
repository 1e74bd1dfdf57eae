#include "trainer/kernels/factor_rows.h"

#include <algorithm>
#include <limits>

#include "trainer/kernels/clones.h"
#include "trainer/kernels/lanes.h"

namespace plasa::trainer {
namespace {

// The bits of the nearest bfloat16, ties to even, in the upper half; NaN stays NaN. What lies below is not cleared.
PLASA_INLINE LaneMask<float> RoundedBits(const Lanes<float>& x) {
  const LaneMask<float> bits = Bits<int32_t>(x);
  return Select(IsNan(x), bits | 0x400000, bits + 0x7fff + ((bits >> 16) & 1));
}

PLASA_INLINE void StoreHalves(const LaneMask<float>& bits, uint16_t* out) {
  using Halves [[gnu::vector_size(16)]] = uint16_t;
  const LaneMask<float> kept = bits >> 16;
  for (int64_t i = 0; i < kept.kParts; ++i) {
    const Halves half = __builtin_convertvector(kept.part[i], Halves);
    std::memcpy(out + i * kept.kWidth, &half, sizeof half);
  }
}

// Stores the first n lanes as factors.
template <class T>
PLASA_INLINE void Put(T* p, int64_t n, const Lanes<T>& x) {
  n == kLanes ? Store(p, x) : StorePart(p, n, x);
}
PLASA_INLINE void Put(c10::BFloat16* p, int64_t n, const Lanes<float>& x) {
  uint16_t halves[kLanes];
  StoreHalves(RoundedBits(x), halves);
  std::memcpy(p, halves, static_cast<size_t>(n) * sizeof(uint16_t));
}
PLASA_INLINE void Put(RoundedFloat* p, int64_t n, const Lanes<float>& x) {
  Put(&p->value, n, Bits<float>(RoundedBits(x) & static_cast<int32_t>(0xffff0000)));
}

// Lanes i.. of a row of n, `beyond` behind its end.
template <class T>
PLASA_INLINE Lanes<T> LoadOr(const T* x, int64_t i, int64_t n, T beyond) {
  if (i + kLanes <= n) return Load(x + i);
  Lanes<T> rest = Splat(beyond);
  std::memcpy(&rest, x + i, static_cast<size_t>(n - i) * sizeof(T));
  return rest;
}

template <class T>
PLASA_INLINE T Largest(const T* x, int64_t n) {
  Lanes<T> most = Splat(x[0]);
  for (int64_t i = 0; i < n; i += kLanes) most = Larger<T>(most, LoadOr(x, i, n, x[0]));
  return LargestOf<T>(most);
}

template <class T, class Use>
PLASA_INLINE T ExpSum(const T* x, int64_t n, T shift, Use use) {
  Lanes<T> sum{};
  for (int64_t i = 0; i < n; i += kLanes) {
    const Lanes<T> e = ExpLanes(LoadOr(x, i, n, std::numeric_limits<T>::lowest()) - shift);
    use(i, std::min(kLanes, n - i), e);
    sum += e;
  }
  return SumOf<T>(sum);
}

template <class T, class Factor>
PLASA_INLINE T Exp(const T* x, int64_t n, T shift, Factor* out) {
  return ExpSum(x, n, shift, [=](int64_t i, int64_t some, const Lanes<T>& e) PLASA_LAMBDA { Put(out + i, some, e); });
}

template <class T, class Factor>
PLASA_INLINE void Scale(T a, const T* x, int64_t n, Factor* y) {
  for (int64_t i = 0; i < n; i += kLanes) Put(y + i, std::min(kLanes, n - i), a * LoadOr(x, i, n, T(0)));
}

template <class T>
PLASA_INLINE void Add(T a, const T* x, int64_t n, T* y) {
  for (int64_t i = 0; i < n; i += kLanes)
    Put(y + i, std::min(kLanes, n - i), LoadOr(y, i, n, T(0)) + a * LoadOr(x, i, n, T(0)));
}

}  // namespace

// Each public loop for its types, in several instruction sets.
#define PLASA_FACTOR_ROWS(T, Factor)                                                 \
  template <>                                                                        \
  PLASA_CLONES T ExpRow<T, Factor>(const T* logits, int64_t n, T shift, Factor* e) { \
    return Exp(logits, n, shift, e);                                                 \
  }                                                                                  \
  template <>                                                                        \
  PLASA_CLONES void ScaleRow<T, Factor>(T a, const T* x, int64_t n, Factor* y) {     \
    Scale(a, x, n, y);                                                               \
  }
#define PLASA_ROWS(T)                                                                       \
  template <>                                                                               \
  PLASA_CLONES T LargestOfRow<T>(const T* x, int64_t n) {                                   \
    return Largest(x, n);                                                                   \
  }                                                                                         \
  template <>                                                                               \
  PLASA_CLONES T ExpSumOfRow<T>(const T* logits, int64_t n, T shift) {                      \
    return ExpSum(logits, n, shift, [](int64_t, int64_t, const Lanes<T>&) PLASA_LAMBDA {}); \
  }                                                                                         \
  template <>                                                                               \
  PLASA_CLONES void AddRow<T>(T a, const T* x, int64_t n, T* y) {                           \
    Add(a, x, n, y);                                                                        \
  }

PLASA_FACTOR_ROWS(float, float)
PLASA_FACTOR_ROWS(double, double)
PLASA_FACTOR_ROWS(float, c10::BFloat16)
PLASA_FACTOR_ROWS(float, RoundedFloat)
PLASA_ROWS(float)
PLASA_ROWS(double)

}  // namespace plasa::trainer
