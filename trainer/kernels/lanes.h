// Sixteen numbers at once: what the row kernels are written in. Every instruction set computes the same lanes.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#pragma GCC diagnostic ignored "-Wpsabi"  // lanes are passed between inlined functions only

#define PLASA_INLINE __attribute__((always_inline)) inline

namespace plasa::trainer {

inline constexpr int64_t kLanes = 16;

// Smallest multiple of kLanes that holds n entries: the room of a row that kernels may read and write.
constexpr int64_t RoomOf(int64_t n) { return (n + kLanes - 1) / kLanes * kLanes; }

template <class T>
struct LanesOf;
template <>
struct LanesOf<float> {
  using Type [[gnu::vector_size(64)]] = float;
  using Mask [[gnu::vector_size(64)]] = int32_t;
};
template <>
struct LanesOf<double> {
  using Type [[gnu::vector_size(128)]] = double;
  using Mask [[gnu::vector_size(128)]] = int64_t;
};
// T as an integer of the same size.
template <class T>
using Int = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;
template <class T>
using Lanes = typename LanesOf<T>::Type;
template <class T>
using LaneMask = typename LanesOf<T>::Mask;

template <class T>
PLASA_INLINE Lanes<T> Load(const T* p) {
  Lanes<T> x;
  std::memcpy(&x, p, sizeof x);
  return x;
}
template <class T>
PLASA_INLINE void Store(T* p, const Lanes<T>& x) {
  std::memcpy(p, &x, sizeof x);
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
        i, [](const T* p) __attribute__((always_inline)) { return Load(p); },
        [](T * p, const Lanes<T>& x) __attribute__((always_inline)) { Store(p, x); });
  }
  if (i < n) {
    f(
        i, [=](const T* p) __attribute__((always_inline)) { return LoadPart(p, n - i); },
        [=](T * p, const Lanes<T>& x) __attribute__((always_inline)) { StorePart(p, n - i, x); });
  }
}

template <class T>
PLASA_INLINE Lanes<T> Splat(T x) {
  return Lanes<T>{} + x;
}

// All bits of lane i set where bit i of the word is.
template <class T>
PLASA_INLINE LaneMask<T> MaskOf(uint16_t word) {
  const LaneMask<T> place = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
  return ((LaneMask<T>{} + static_cast<Int<T>>(word)) & place) != 0;
}

// Sets the entries from n on in the room of a row.
template <class T>
PLASA_INLINE void FillRoom(T* x, int64_t n, T value) {
  const int64_t last = RoomOf(n) - kLanes;
  if (last + kLanes == n) return;
  const LaneMask<T> place = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  Store<T>(x + last, place < static_cast<Int<T>>(n - last) ? Load(x + last) : Splat(value));
}

template <class T>
PLASA_INLINE Lanes<T> Larger(const Lanes<T>& a, const Lanes<T>& b) {
  return a > b ? a : b;
}

template <class T>
PLASA_INLINE T SumOf(const Lanes<T>& x) {
  T part[kLanes];
  std::memcpy(part, &x, sizeof x);
  for (int64_t width = kLanes / 2; width > 0; width /= 2) {
    for (int64_t i = 0; i < width; ++i) part[i] += part[i + width];
  }
  return part[0];
}

template <class T>
PLASA_INLINE T LargestOf(const Lanes<T>& x) {
  T part[kLanes];
  std::memcpy(part, &x, sizeof x);
  for (int64_t width = kLanes / 2; width > 0; width /= 2) {
    for (int64_t i = 0; i < width; ++i) part[i] = part[i] > part[i + width] ? part[i] : part[i + width];
  }
  return part[0];
}

// e^x for x <= 0; 0 below the range of normal floats. Relative error below 2e-7.
PLASA_INLINE Lanes<float> ExpLanes(const Lanes<float>& x) {
  const Lanes<float> low = Splat(-87.0f);
  const Lanes<float> clamped = x < low ? low : x;
  // Conversion is towards zero: the nearest integer of a value <= 0.
  const LaneMask<float> whole = __builtin_convertvector(clamped * 1.44269504088896341f - 0.5f, LaneMask<float>);
  const Lanes<float> n = __builtin_convertvector(whole, Lanes<float>);
  const Lanes<float> r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
  Lanes<float> p = Splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const Lanes<float> power = reinterpret_cast<Lanes<float>>((whole + 127) << 23);
  return x < low ? Lanes<float>{} : p * power;
}

// ln x for normal x > 0. Relative error below 2e-7 away from 1.
PLASA_INLINE Lanes<float> LogLanes(const Lanes<float>& x) {
  const auto bits = reinterpret_cast<LaneMask<float>>(x);
  const LaneMask<float> shifted = bits - 0x3f3504f3;  // mantissa in [sqrt(1/2), sqrt(2))
  const Lanes<float> e = __builtin_convertvector(shifted >> 23, Lanes<float>);
  const auto m = reinterpret_cast<Lanes<float>>(bits - (shifted & static_cast<int32_t>(0xff800000)));
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

PLASA_INLINE Lanes<double> ExpLanes(const Lanes<double>& x) {
  Lanes<double> y{};
  for (int64_t i = 0; i < kLanes; ++i) y[i] = std::exp(x[i]);
  return y;
}
PLASA_INLINE Lanes<double> LogLanes(const Lanes<double>& x) {
  Lanes<double> y{};
  for (int64_t i = 0; i < kLanes; ++i) y[i] = std::log(x[i]);
  return y;
}

// 1 / (1 + e^-x).
template <class T>
PLASA_INLINE Lanes<T> SigmoidLanes(const Lanes<T>& x) {
  const Lanes<T> e = ExpLanes(x < Lanes<T>{} ? x : -x);
  return (x < Lanes<T>{} ? e : Splat(T(1))) / (T(1) + e);
}

}  // namespace plasa::trainer
