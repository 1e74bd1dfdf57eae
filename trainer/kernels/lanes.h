// Sixteen numbers at once: what the row kernels are written in. Every instruction set computes the same lanes.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "trainer/kernels/this_cpu.h"

#pragma GCC diagnostic ignored "-Wpsabi"  // lanes are passed between inlined functions only

namespace plasa::trainer {

inline constexpr int64_t kLanes = 16;

// Smallest multiple of kLanes that holds n entries: the room of a row that kernels may read and write.
constexpr int64_t RoomOf(int64_t n) { return (n + kLanes - 1) / kLanes * kLanes; }

// T as an integer of the same size.
template <class T>
using Int = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;

// In parts of a register of R bytes: a vector wider than the registers at hand is one of memory to g++, and each step
// of a loop over it a round trip.
template <class E, int64_t R>
struct Lanes {
  static constexpr int64_t kWidth = R / sizeof(E), kParts = kLanes / kWidth;
  using Part [[gnu::vector_size(R)]] = E;
  using InMemory [[gnu::vector_size(R), gnu::aligned(sizeof(E)), gnu::may_alias]] = E;
  Part part[kParts];
};
// All bits of a lane set, or none.
template <class T, int64_t R>
using LaneMask = Lanes<Int<T>, R>;

// f(part number) for each part of the result. Written out: loops over parts would keep them in memory.
template <class E, int64_t R, class F>
PLASA_INLINE Lanes<E, R> EachPart(F f) {
  constexpr int64_t kParts = Lanes<E, R>::kParts;
  static_assert(kParts == 1 || kParts == 2 || kParts == 4);
  if constexpr (kParts == 1)
    return {{f(0)}};
  else if constexpr (kParts == 2)
    return {{f(0), f(1)}};
  else
    return {{f(0), f(1), f(2), f(3)}};
}

#define PLASA_LANES_OPERATOR(op)                                                           \
  template <class E, int64_t R>                                                            \
  PLASA_INLINE Lanes<E, R> operator op(const Lanes<E, R>& a, const Lanes<E, R>& b) {       \
    return EachPart<E, R>([&](int64_t i) PLASA_LAMBDA { return a.part[i] op b.part[i]; }); \
  }                                                                                        \
  template <class E, int64_t R>                                                            \
  PLASA_INLINE Lanes<E, R> operator op(const Lanes<E, R>& a, std::type_identity_t<E> b) {  \
    return EachPart<E, R>([&](int64_t i) PLASA_LAMBDA { return a.part[i] op b; });         \
  }                                                                                        \
  template <class E, int64_t R>                                                            \
  PLASA_INLINE Lanes<E, R> operator op(std::type_identity_t<E> a, const Lanes<E, R>& b) {  \
    return EachPart<E, R>([&](int64_t i) PLASA_LAMBDA { return a op b.part[i]; });         \
  }
PLASA_LANES_OPERATOR(+)
PLASA_LANES_OPERATOR(-)
PLASA_LANES_OPERATOR(*)
PLASA_LANES_OPERATOR(/)
PLASA_LANES_OPERATOR(&)
PLASA_LANES_OPERATOR(|)
PLASA_LANES_OPERATOR(<<)
PLASA_LANES_OPERATOR(>>)
#undef PLASA_LANES_OPERATOR

template <class E, int64_t R>
PLASA_INLINE Lanes<E, R> operator-(const Lanes<E, R>& a) {
  return EachPart<E, R>([&](int64_t i) PLASA_LAMBDA { return -a.part[i]; });
}
template <class E, int64_t R>
PLASA_INLINE Lanes<E, R>& operator+=(Lanes<E, R>& a, const Lanes<E, R>& b) {
  return a = a + b;
}
template <class E, int64_t R>
PLASA_INLINE Lanes<E, R>& operator-=(Lanes<E, R>& a, const Lanes<E, R>& b) {
  return a = a - b;
}

template <int64_t R, class T>
PLASA_INLINE Lanes<T, R> Splat(T x) {
  return EachPart<T, R>([&](int64_t) PLASA_LAMBDA { return typename Lanes<T, R>::Part{} + x; });
}

// Where a < b; nowhere where either is NaN.
template <class T, int64_t R>
PLASA_INLINE LaneMask<T, R> Less(const Lanes<T, R>& a, const Lanes<T, R>& b) {
  return EachPart<Int<T>, R>([&](int64_t i) PLASA_LAMBDA { return a.part[i] < b.part[i]; });
}
template <class T, int64_t R>
PLASA_INLINE LaneMask<T, R> Negative(const Lanes<T, R>& x) {
  return Less(x, Lanes<T, R>{});
}
template <class T, int64_t R>
PLASA_INLINE LaneMask<T, R> IsNan(const Lanes<T, R>& x) {
  return EachPart<Int<T>, R>([&](int64_t i) PLASA_LAMBDA { return x.part[i] != x.part[i]; });
}
// a where the mask is set, else b; either may be of integers.
template <class E, class M, int64_t R>
PLASA_INLINE Lanes<E, R> Select(const Lanes<M, R>& mask, const Lanes<E, R>& a, const Lanes<E, R>& b) {
  return EachPart<E, R>([&](int64_t i) PLASA_LAMBDA { return mask.part[i] ? a.part[i] : b.part[i]; });
}
template <class T, int64_t R>
PLASA_INLINE Lanes<T, R> Larger(const Lanes<T, R>& a, const Lanes<T, R>& b) {
  return Select(Less(b, a), a, b);
}

// The same bits as integers or floats; the numbers as the other kind.
template <class To, class From, int64_t R>
PLASA_INLINE Lanes<To, R> Bits(const Lanes<From, R>& x) {
  using Part = typename Lanes<To, R>::Part;
  return EachPart<To, R>([&](int64_t i) PLASA_LAMBDA { return reinterpret_cast<Part>(x.part[i]); });
}
template <class To, class From, int64_t R>
PLASA_INLINE Lanes<To, R> Converted(const Lanes<From, R>& x) {
  using Part = typename Lanes<To, R>::Part;
  return EachPart<To, R>([&](int64_t i) PLASA_LAMBDA { return __builtin_convertvector(x.part[i], Part); });
}

template <int64_t R, class T>
PLASA_INLINE Lanes<T, R> Load(const T* p) {
  using L = Lanes<T, R>;
  return EachPart<T, R>([&](int64_t i) PLASA_LAMBDA {
    return static_cast<typename L::Part>(*reinterpret_cast<const typename L::InMemory*>(p + i * L::kWidth));
  });
}
template <class T, int64_t R>
PLASA_INLINE void Store(T* p, const Lanes<T, R>& x) {
  using L = Lanes<T, R>;
  for (int64_t i = 0; i < L::kParts; ++i)
    *reinterpret_cast<typename L::InMemory*>(p + i * L::kWidth) = static_cast<typename L::InMemory>(x.part[i]);
}

// The first n < kLanes entries; the rest of the lanes is 0.
template <int64_t R, class T>
PLASA_INLINE Lanes<T, R> LoadPart(const T* p, int64_t n) {
  T whole[kLanes] = {};
  std::memcpy(whole, p, static_cast<size_t>(n) * sizeof(T));
  return Load<R>(whole);
}
template <class T, int64_t R>
PLASA_INLINE void StorePart(T* p, int64_t n, const Lanes<T, R>& x) {
  std::memcpy(p, &x, static_cast<size_t>(n) * sizeof(T));
}

// Calls f(i, load, store) for each group of lanes of n entries; load(p) and store(p, x) are those for whole groups or
// for the rest.
template <int64_t R, class T, class F>
PLASA_INLINE void ForParts(int64_t n, F f) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    f(
        i, [](const T* p) PLASA_LAMBDA { return Load<R>(p); },
        [](T* p, const Lanes<T, R>& x) PLASA_LAMBDA { Store(p, x); });
  }
  if (i < n) {
    f(
        i, [=](const T* p) PLASA_LAMBDA { return LoadPart<R>(p, n - i); },
        [=](T* p, const Lanes<T, R>& x) PLASA_LAMBDA { StorePart(p, n - i, x); });
  }
}

// Number i in lane i.
template <class T, int64_t R>
PLASA_INLINE LaneMask<T, R> Places() {
  static constexpr Int<T> kPlaces[kLanes] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return Load<R>(kPlaces);
}

// Where bit i of the word is set, lane i.
template <class T, int64_t R>
PLASA_INLINE LaneMask<T, R> MaskOf(uint16_t word) {
  static constexpr Int<T> kBits[kLanes] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
  const LaneMask<T, R> bits = Load<R>(kBits);
  return EachPart<Int<T>, R>([&](int64_t i) PLASA_LAMBDA { return (bits.part[i] & static_cast<Int<T>>(word)) != 0; });
}

// Sets the entries from n on in the room of a row.
template <int64_t R, class T>
PLASA_INLINE void FillRoom(T* x, int64_t n, T value) {
  const int64_t last = RoomOf(n) - kLanes;
  if (last + kLanes == n) return;
  const LaneMask<T, R> inside = Less(Places<T, R>(), Splat<R>(static_cast<Int<T>>(n - last)));
  Store(x + last, Select(inside, Load<R>(x + last), Splat<R>(value)));
}

// Lane i of a vector of R bytes joined with lane i + half, those with a quarter apart, and so on.
template <class T, int64_t R, class V, class Join>
PLASA_INLINE T FoldedVector(const V& x, Join join) {
  if constexpr (R == 16) {
    V y = x;
    for (int64_t apart = R / sizeof(T) / 2; apart > 0; apart /= 2) {
      for (int64_t i = 0; i < apart; ++i) y[i] = join(y[i], y[i + apart]);
    }
    return y[0];
  } else {
    using Half [[gnu::vector_size(R / 2)]] = T;
    Half half[2];
    std::memcpy(half, &x, sizeof half);
    return FoldedVector<T, R / 2>(join(half[0], half[1]), join);
  }
}

// Lane i joined with lane i + 8, those with 4 apart, and so on: the same order in every instruction set.
template <class T, int64_t R, class Join>
PLASA_INLINE T Folded(const Lanes<T, R>& all, Join join) {
  Lanes<T, R> x = all;
  for (int64_t apart = Lanes<T, R>::kParts / 2; apart > 0; apart /= 2) {
    for (int64_t i = 0; i < apart; ++i) x.part[i] = join(x.part[i], x.part[i + apart]);
  }
  return FoldedVector<T, R>(x.part[0], join);
}
template <class T, int64_t R>
PLASA_INLINE T SumOf(const Lanes<T, R>& x) {
  return Folded(x, [](const auto& a, const auto& b) PLASA_LAMBDA { return a + b; });
}
template <class T, int64_t R>
PLASA_INLINE T LargestOf(const Lanes<T, R>& x) {
  return Folded(x, [](const auto& a, const auto& b) PLASA_LAMBDA { return a > b ? a : b; });
}

// e^x for x <= 0; 0 below the range of normal floats. Relative error below 2e-7.
template <int64_t R>
PLASA_INLINE Lanes<float, R> ExpLanes(const Lanes<float, R>& x) {
  const LaneMask<float, R> below = Less(x, Splat<R>(-87.0f));
  const Lanes<float, R> clamped = Select(below, Splat<R>(-87.0f), x);
  // Conversion is towards zero: the nearest integer of a value <= 0.
  const LaneMask<float, R> whole = Converted<int32_t>(clamped * 1.44269504088896341f - 0.5f);
  const Lanes<float, R> n = Converted<float>(whole);
  const Lanes<float, R> r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
  Lanes<float, R> p = Splat<R>(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const Lanes<float, R> power = Bits<float>((whole + 127) << 23);
  return Select(below, Lanes<float, R>{}, p * power);
}

// ln x for normal x > 0. Relative error below 2e-7 away from 1.
template <int64_t R>
PLASA_INLINE Lanes<float, R> LogLanes(const Lanes<float, R>& x) {
  const LaneMask<float, R> bits = Bits<int32_t>(x);
  const LaneMask<float, R> shifted = bits - 0x3f3504f3;  // mantissa in [sqrt(1/2), sqrt(2))
  const Lanes<float, R> e = Converted<float>(shifted >> 23);
  const Lanes<float, R> m = Bits<float>(bits - (shifted & static_cast<int32_t>(0xff800000)));
  const Lanes<float, R> f = m - 1.0f;
  const Lanes<float, R> z = f * f;
  Lanes<float, R> p = Splat<R>(7.0376836292e-2f);
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  return f + (p * f * z - 0.5f * z) + e * 0.693147182f;
}

// In double entry by entry.
template <int64_t R, class F>
PLASA_INLINE Lanes<double, R> EachLane(const Lanes<double, R>& x, F f) {
  double lane[kLanes];
  Store(lane, x);
  for (double& value : lane) value = f(value);
  return Load<R>(lane);
}
template <int64_t R>
PLASA_INLINE Lanes<double, R> ExpLanes(const Lanes<double, R>& x) {
  return EachLane(x, [](double value) { return std::exp(value); });
}
template <int64_t R>
PLASA_INLINE Lanes<double, R> LogLanes(const Lanes<double, R>& x) {
  return EachLane(x, [](double value) { return std::log(value); });
}

// 1 / (1 + e^-x).
template <class T, int64_t R>
PLASA_INLINE Lanes<T, R> SigmoidLanes(const Lanes<T, R>& x) {
  const LaneMask<T, R> negative = Negative(x);
  const Lanes<T, R> e = ExpLanes(Select(negative, x, -x));
  return Select(negative, e, Splat<R>(T(1))) / (T(1) + e);
}

}  // namespace plasa::trainer
