// Sixteen numbers at once: what the row kernels are written in. Every instruction set computes the same lanes.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#pragma GCC diagnostic ignored "-Wpsabi"  // lanes are passed between inlined functions only

#define PLASA_INLINE __attribute__((always_inline)) inline
#define PLASA_LAMBDA __attribute__((always_inline))  // of what is called in hot loops: out of line it would be SSE2

namespace plasa::trainer {

inline constexpr int64_t kLanes = 16;

// Smallest multiple of kLanes that holds n entries: the room of a row that kernels may read and write.
constexpr int64_t RoomOf(int64_t n) { return (n + kLanes - 1) / kLanes * kLanes; }

// T as an integer of the same size.
template <class T>
using Int = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;

// In parts of a register of AVX2: a vector wider than the registers at hand is one of memory to g++, and each step of a
// loop over it a round trip.
template <class E>
struct Lanes {
  static constexpr int64_t kWidth = 32 / sizeof(E), kParts = kLanes / kWidth;
  using Part [[gnu::vector_size(32)]] = E;
  using InMemory [[gnu::vector_size(32), gnu::aligned(sizeof(E)), gnu::may_alias]] = E;
  Part part[kParts];
};
// All bits of a lane set, or none.
template <class T>
using LaneMask = Lanes<Int<T>>;

// f(part number) for each part of the result. Written out: loops over parts would keep them in memory.
template <class E, class F>
PLASA_INLINE Lanes<E> EachPart(F f) {
  static_assert(Lanes<E>::kParts == 2 || Lanes<E>::kParts == 4);
  if constexpr (Lanes<E>::kParts == 2)
    return {{f(0), f(1)}};
  else
    return {{f(0), f(1), f(2), f(3)}};
}

#define PLASA_LANES_OPERATOR(op)                                                        \
  template <class E>                                                                    \
  PLASA_INLINE Lanes<E> operator op(const Lanes<E>& a, const Lanes<E>& b) {             \
    return EachPart<E>([&](int64_t i) PLASA_LAMBDA { return a.part[i] op b.part[i]; }); \
  }                                                                                     \
  template <class E>                                                                    \
  PLASA_INLINE Lanes<E> operator op(const Lanes<E>& a, std::type_identity_t<E> b) {     \
    return EachPart<E>([&](int64_t i) PLASA_LAMBDA { return a.part[i] op b; });         \
  }                                                                                     \
  template <class E>                                                                    \
  PLASA_INLINE Lanes<E> operator op(std::type_identity_t<E> a, const Lanes<E>& b) {     \
    return EachPart<E>([&](int64_t i) PLASA_LAMBDA { return a op b.part[i]; });         \
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

template <class E>
PLASA_INLINE Lanes<E> operator-(const Lanes<E>& a) {
  return EachPart<E>([&](int64_t i) PLASA_LAMBDA { return -a.part[i]; });
}
template <class E>
PLASA_INLINE Lanes<E>& operator+=(Lanes<E>& a, const Lanes<E>& b) {
  return a = a + b;
}
template <class E>
PLASA_INLINE Lanes<E>& operator-=(Lanes<E>& a, const Lanes<E>& b) {
  return a = a - b;
}

template <class T>
PLASA_INLINE Lanes<T> Splat(T x) {
  return EachPart<T>([&](int64_t) PLASA_LAMBDA { return typename Lanes<T>::Part{} + x; });
}

// Where a < b; nowhere where either is NaN.
template <class T>
PLASA_INLINE LaneMask<T> Less(const Lanes<T>& a, const Lanes<T>& b) {
  return EachPart<Int<T>>([&](int64_t i) PLASA_LAMBDA { return a.part[i] < b.part[i]; });
}
template <class T>
PLASA_INLINE LaneMask<T> Negative(const Lanes<T>& x) {
  return Less(x, Lanes<T>{});
}
template <class T>
PLASA_INLINE LaneMask<T> IsNan(const Lanes<T>& x) {
  return EachPart<Int<T>>([&](int64_t i) PLASA_LAMBDA { return x.part[i] != x.part[i]; });
}
// a where the mask is set, else b; either may be of integers.
template <class E, class M>
PLASA_INLINE Lanes<E> Select(const Lanes<M>& mask, const Lanes<E>& a, const Lanes<E>& b) {
  return EachPart<E>([&](int64_t i) PLASA_LAMBDA { return mask.part[i] ? a.part[i] : b.part[i]; });
}
template <class T>
PLASA_INLINE Lanes<T> Larger(const Lanes<T>& a, const Lanes<T>& b) {
  return Select(Less(b, a), a, b);
}

// The same bits as integers or floats; the numbers as the other kind.
template <class To, class From>
PLASA_INLINE Lanes<To> Bits(const Lanes<From>& x) {
  return EachPart<To>([&](int64_t i) PLASA_LAMBDA { return reinterpret_cast<typename Lanes<To>::Part>(x.part[i]); });
}
template <class To, class From>
PLASA_INLINE Lanes<To> Converted(const Lanes<From>& x) {
  return EachPart<To>([&](int64_t i)
                          PLASA_LAMBDA { return __builtin_convertvector(x.part[i], typename Lanes<To>::Part); });
}

template <class T>
PLASA_INLINE Lanes<T> Load(const T* p) {
  using InMemory = typename Lanes<T>::InMemory;
  return EachPart<T>([&](int64_t i) PLASA_LAMBDA {
    return static_cast<typename Lanes<T>::Part>(*reinterpret_cast<const InMemory*>(p + i * Lanes<T>::kWidth));
  });
}
template <class T>
PLASA_INLINE void Store(T* p, const Lanes<T>& x) {
  using InMemory = typename Lanes<T>::InMemory;
  for (int64_t i = 0; i < Lanes<T>::kParts; ++i)
    *reinterpret_cast<InMemory*>(p + i * Lanes<T>::kWidth) = static_cast<InMemory>(x.part[i]);
}

// The first n < kLanes entries; the rest of the lanes is 0.
template <class T>
PLASA_INLINE Lanes<T> LoadPart(const T* p, int64_t n) {
  T whole[kLanes] = {};
  std::memcpy(whole, p, static_cast<size_t>(n) * sizeof(T));
  return Load(whole);
}
template <class T>
PLASA_INLINE void StorePart(T* p, int64_t n, const Lanes<T>& x) {
  std::memcpy(p, &x, static_cast<size_t>(n) * sizeof(T));
}

// Calls f(i, load, store) for each group of lanes of n entries; load(p) and store(p, x) are those for whole groups or
// for the rest.
template <class T, class F>
PLASA_INLINE void ForParts(int64_t n, F f) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    f(
        i, [](const T* p) PLASA_LAMBDA { return Load(p); }, [](T* p, const Lanes<T>& x) PLASA_LAMBDA { Store(p, x); });
  }
  if (i < n) {
    f(
        i, [=](const T* p) PLASA_LAMBDA { return LoadPart(p, n - i); },
        [=](T* p, const Lanes<T>& x) PLASA_LAMBDA { StorePart(p, n - i, x); });
  }
}

// Number i in lane i.
template <class T>
PLASA_INLINE LaneMask<T> Places() {
  static constexpr Int<T> kPlaces[kLanes] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return Load(kPlaces);
}

// Where bit i of the word is set, lane i.
template <class T>
PLASA_INLINE LaneMask<T> MaskOf(uint16_t word) {
  static constexpr Int<T> kBits[kLanes] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
  const LaneMask<T> bits = Load(kBits);
  return EachPart<Int<T>>([&](int64_t i) PLASA_LAMBDA { return (bits.part[i] & static_cast<Int<T>>(word)) != 0; });
}

// Sets the entries from n on in the room of a row.
template <class T>
PLASA_INLINE void FillRoom(T* x, int64_t n, T value) {
  const int64_t last = RoomOf(n) - kLanes;
  if (last + kLanes == n) return;
  const LaneMask<T> inside = Less(Places<T>(), Splat(static_cast<Int<T>>(n - last)));
  Store(x + last, Select(inside, Load(x + last), Splat(value)));
}

// Lane i joined with lane i + 8, those with 4 apart, and so on: the same order in every instruction set.
template <class T, class Join>
PLASA_INLINE T Folded(Lanes<T> x, Join join) {
  for (int64_t apart = Lanes<T>::kParts / 2; apart > 0; apart /= 2) {
    for (int64_t i = 0; i < apart; ++i) x.part[i] = join(x.part[i], x.part[i + apart]);
  }
  T lane[Lanes<T>::kWidth];
  std::memcpy(lane, &x.part[0], sizeof lane);
  for (int64_t apart = Lanes<T>::kWidth / 2; apart > 0; apart /= 2) {
    for (int64_t i = 0; i < apart; ++i) lane[i] = join(lane[i], lane[i + apart]);
  }
  return lane[0];
}
template <class T>
PLASA_INLINE T SumOf(const Lanes<T>& x) {
  return Folded(x, [](auto a, auto b) PLASA_LAMBDA { return a + b; });
}
template <class T>
PLASA_INLINE T LargestOf(const Lanes<T>& x) {
  return Folded(x, [](auto a, auto b) PLASA_LAMBDA { return a > b ? a : b; });
}

// e^x for x <= 0; 0 below the range of normal floats. Relative error below 2e-7.
PLASA_INLINE Lanes<float> ExpLanes(const Lanes<float>& x) {
  const LaneMask<float> below = Less(x, Splat(-87.0f));
  const Lanes<float> clamped = Select(below, Splat(-87.0f), x);
  // Conversion is towards zero: the nearest integer of a value <= 0.
  const LaneMask<float> whole = Converted<int32_t>(clamped * 1.44269504088896341f - 0.5f);
  const Lanes<float> n = Converted<float>(whole);
  const Lanes<float> r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
  Lanes<float> p = Splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const Lanes<float> power = Bits<float>((whole + 127) << 23);
  return Select(below, Lanes<float>{}, p * power);
}

// ln x for normal x > 0. Relative error below 2e-7 away from 1.
PLASA_INLINE Lanes<float> LogLanes(const Lanes<float>& x) {
  const LaneMask<float> bits = Bits<int32_t>(x);
  const LaneMask<float> shifted = bits - 0x3f3504f3;  // mantissa in [sqrt(1/2), sqrt(2))
  const Lanes<float> e = Converted<float>(shifted >> 23);
  const Lanes<float> m = Bits<float>(bits - (shifted & static_cast<int32_t>(0xff800000)));
  const Lanes<float> f = m - 1.0f;
  const Lanes<float> z = f * f;
  Lanes<float> p = Splat(7.0376836292e-2f);
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
template <class F>
PLASA_INLINE Lanes<double> EachLane(const Lanes<double>& x, F f) {
  double lane[kLanes];
  Store(lane, x);
  for (double& value : lane) value = f(value);
  return Load(lane);
}
PLASA_INLINE Lanes<double> ExpLanes(const Lanes<double>& x) {
  return EachLane(x, [](double value) { return std::exp(value); });
}
PLASA_INLINE Lanes<double> LogLanes(const Lanes<double>& x) {
  return EachLane(x, [](double value) { return std::log(value); });
}

// 1 / (1 + e^-x).
template <class T>
PLASA_INLINE Lanes<T> SigmoidLanes(const Lanes<T>& x) {
  const LaneMask<T> negative = Negative(x);
  const Lanes<T> e = ExpLanes(Select(negative, x, -x));
  return Select(negative, e, Splat(T(1))) / (T(1) + e);
}

}  // namespace plasa::trainer
