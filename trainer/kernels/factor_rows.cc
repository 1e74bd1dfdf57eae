#include "trainer/kernels/factor_rows.h"

#include <algorithm>
#include <limits>

#include "trainer/kernels/lanes.h"
#include "trainer/kernels/this_cpu.h"

namespace plasa::trainer {
namespace {

// The bits of the nearest bfloat16, ties to even, in the upper half; NaN stays NaN. What lies below is not cleared.
template <int64_t R>
PLASA_INLINE LaneMask<float, R> RoundedBits(const Lanes<float, R>& x) {
  const LaneMask<float, R> bits = Bits<int32_t>(x);
  return Select(IsNan(x), bits | 0x400000, bits + 0x7fff + ((bits >> 16) & 1));
}

template <int64_t R>
PLASA_INLINE void StoreHalves(const LaneMask<float, R>& bits, uint16_t* out) {
  using Halves [[gnu::vector_size(R / 2)]] = uint16_t;
  const LaneMask<float, R> kept = bits >> 16;
  for (int64_t i = 0; i < kept.kParts; ++i) {
    const Halves half = __builtin_convertvector(kept.part[i], Halves);
    std::memcpy(out + i * kept.kWidth, &half, sizeof half);
  }
}

// Stores the first n lanes as factors.
template <class T, int64_t R>
PLASA_INLINE void Put(T* p, int64_t n, const Lanes<T, R>& x) {
  n == kLanes ? Store(p, x) : StorePart(p, n, x);
}
template <int64_t R>
PLASA_INLINE void Put(c10::BFloat16* p, int64_t n, const Lanes<float, R>& x) {
  uint16_t halves[kLanes];
  StoreHalves(RoundedBits(x), halves);
  std::memcpy(p, halves, static_cast<size_t>(n) * sizeof(uint16_t));
}
template <int64_t R>
PLASA_INLINE void Put(RoundedFloat* p, int64_t n, const Lanes<float, R>& x) {
  Put(&p->value, n, Bits<float>(RoundedBits(x) & static_cast<int32_t>(0xffff0000)));
}

// Lanes i.. of a row of n, `beyond` behind its end.
template <int64_t R, class T>
PLASA_INLINE Lanes<T, R> LoadOr(const T* x, int64_t i, int64_t n, T beyond) {
  if (i + kLanes <= n) return Load<R>(x + i);
  Lanes<T, R> rest = Splat<R>(beyond);
  std::memcpy(&rest, x + i, static_cast<size_t>(n - i) * sizeof(T));
  return rest;
}

template <int64_t R, class T>
PLASA_INLINE T Largest(const T* x, int64_t n) {
  Lanes<T, R> most = Splat<R>(x[0]);
  for (int64_t i = 0; i < n; i += kLanes) most = Larger(most, LoadOr<R>(x, i, n, x[0]));
  return LargestOf(most);
}

template <int64_t R, class T, class Use>
PLASA_INLINE T ExpSum(const T* x, int64_t n, T shift, Use use) {
  Lanes<T, R> sum{};
  for (int64_t i = 0; i < n; i += kLanes) {
    const Lanes<T, R> e = ExpLanes(LoadOr<R>(x, i, n, std::numeric_limits<T>::lowest()) - shift);
    use(i, std::min(kLanes, n - i), e);
    sum += e;
  }
  return SumOf(sum);
}

template <int64_t R, class T, class Factor>
PLASA_INLINE T Exp(const T* x, int64_t n, T shift, Factor* out) {
  return ExpSum<R>(x, n, shift,
                   [=](int64_t i, int64_t some, const Lanes<T, R>& e) PLASA_LAMBDA { Put(out + i, some, e); });
}

template <int64_t R, class T, class Factor>
PLASA_INLINE void Scale(T a, const T* x, int64_t n, Factor* y) {
  for (int64_t i = 0; i < n; i += kLanes) Put(y + i, std::min(kLanes, n - i), a * LoadOr<R>(x, i, n, T(0)));
}

template <int64_t R, class T>
PLASA_INLINE void Add(T a, const T* x, int64_t n, T* y) {
  for (int64_t i = 0; i < n; i += kLanes)
    Put(y + i, std::min(kLanes, n - i), LoadOr<R>(y, i, n, T(0)) + a * LoadOr<R>(x, i, n, T(0)));
}

}  // namespace

template <class T, class Factor>
T ExpRow(const T* logits, int64_t n, T shift, Factor* e) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA { return Exp<r>(logits, n, shift, e); });
}

template <class T, class Factor>
void ScaleRow(T a, const T* x, int64_t n, Factor* y) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { Scale<r>(a, x, n, y); });
}

template <class T>
T LargestOfRow(const T* x, int64_t n) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA { return Largest<r>(x, n); });
}

template <class T>
T ExpSumOfRow(const T* logits, int64_t n, T shift) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA {
    return ExpSum<r>(logits, n, shift, [](int64_t, int64_t, const auto&) PLASA_LAMBDA {});
  });
}

template <class T>
void AddRow(T a, const T* x, int64_t n, T* y) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { Add<r>(a, x, n, y); });
}

#define PLASA_FACTOR_ROWS(T, Factor)                \
  template T ExpRow(const T*, int64_t, T, Factor*); \
  template void ScaleRow(T, const T*, int64_t, Factor*);
#define PLASA_ROWS(T)                           \
  template T LargestOfRow(const T*, int64_t);   \
  template T ExpSumOfRow(const T*, int64_t, T); \
  template void AddRow(T, const T*, int64_t, T*);
PLASA_FACTOR_ROWS(float, float)
PLASA_FACTOR_ROWS(double, double)
PLASA_FACTOR_ROWS(float, c10::BFloat16)
PLASA_FACTOR_ROWS(float, RoundedFloat)
PLASA_ROWS(float)
PLASA_ROWS(double)

}  // namespace plasa::trainer
