#include "trainer/kernels/gathered_rows.h"

#include <algorithm>
#include <bit>

#include "trainer/kernels/clones.h"
#include "trainer/kernels/lanes.h"

namespace plasa::trainer {
namespace {

// Eight sums of eight lanes each: lane j of the result is that of x[j]. Joined as Folded() joins them.
PLASA_INLINE Lanes<float>::Part SumEight(Lanes<float>::Part* x) {
  using M = Lanes<int32_t>::Part;
  const auto fold = [](const auto& a, const auto& b, const M& near, const M& far)
                        PLASA_LAMBDA { return __builtin_shuffle(a, b, near) + __builtin_shuffle(a, b, far); };
  const M near4 = {0, 1, 2, 3, 8, 9, 10, 11}, near2 = {0, 1, 8, 9, 4, 5, 12, 13}, near1 = {0, 8, 2, 10, 4, 12, 6, 14};
  for (int64_t j = 0; j < 4; ++j) x[j] = fold(x[j], x[j + 4], near4, near4 + 4);
  for (int64_t j = 0; j < 2; ++j) x[j] = fold(x[j], x[j + 2], near2, near2 + 2);
  return fold(x[0], x[1], near1, near1 + 1);
}

// Lane j of the result is the sum of the lanes of x[j].
PLASA_INLINE Lanes<float> SumEach(const Lanes<float>* x) {
  Lanes<float>::Part eight[kLanes];
  for (int64_t j = 0; j < kLanes; ++j) eight[j] = x[j].part[0] + x[j].part[1];
  return {{SumEight(eight), SumEight(eight + kLanes / 2)}};
}
PLASA_INLINE Lanes<double> SumEach(const Lanes<double>* x) {
  double sums[kLanes];
  for (int64_t j = 0; j < kLanes; ++j) sums[j] = SumOf(x[j]);
  return Load(sums);
}

template <class T>
PLASA_INLINE T Dot(const T* a, const T* b, int64_t width) {
  Lanes<T> sum{};
  ForParts<T>(width, [&](int64_t i, auto load, auto) PLASA_LAMBDA { sum += load(a + i) * load(b + i); });
  return SumOf<T>(sum);
}

template <class T>
PLASA_INLINE void Dots(const T* q, const T* rows, int64_t width, const int32_t* keys, int64_t n, T* z) {
  int64_t i = 0;
  if (width % kLanes == 0) {
    for (; i + kLanes <= n; i += kLanes) {
      Lanes<T> part[kLanes];
      for (int64_t j = 0; j < kLanes; ++j) {
        const T* row = rows + keys[i + j] * width;
        part[j] = Load(q) * Load(row);
        for (int64_t c = kLanes; c < width; c += kLanes) part[j] += Load(q + c) * Load(row + c);
      }
      Store<T>(z + i, SumEach(part));
    }
  }
  for (; i < n; ++i) z[i] = Dot(q, rows + keys[i] * width, width);
}

template <class T>
PLASA_INLINE void Sum(const T* p, const T* rows, int64_t width, const int32_t* keys, int64_t n, T* out) {
  constexpr int64_t kChains = 4;  // sums that do not wait for each other
  ForParts<T>(width, [&](int64_t c, auto load, auto store) PLASA_LAMBDA {
    Lanes<T> sum[kChains] = {};
    int64_t i = 0;
    for (; i + kChains <= n; i += kChains)
      for (int64_t j = 0; j < kChains; ++j) sum[j] += p[i + j] * load(rows + keys[i + j] * width + c);
    for (; i < n; ++i) sum[0] += p[i] * load(rows + keys[i] * width + c);
    store(out + c, (sum[0] + sum[1]) + (sum[2] + sum[3]));
  });
}

template <class T>
PLASA_INLINE void ScatterAdd(const T* p, const T* x, int64_t width, const int32_t* keys, int64_t n, T* rows) {
  ForParts<T>(width, [&](int64_t c, auto load, auto store) PLASA_LAMBDA {
    const Lanes<T> add = load(x + c);
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

#define PLASA_GATHERED(T)                                                                                              \
  template <>                                                                                                          \
  PLASA_CLONES void GatheredDots<T>(const T* q, const T* rows, int64_t width, const int32_t* keys, int64_t n, T* z) {  \
    Dots(q, rows, width, keys, n, z);                                                                                  \
  }                                                                                                                    \
  template <>                                                                                                          \
  PLASA_CLONES void GatheredSum<T>(const T* p, const T* rows, int64_t width, const int32_t* keys, int64_t n, T* out) { \
    Sum(p, rows, width, keys, n, out);                                                                                 \
  }                                                                                                                    \
  template <>                                                                                                          \
  PLASA_CLONES void ScatteredAdd<T>(const T* p, const T* x, int64_t width, const int32_t* keys, int64_t n, T* rows) {  \
    ScatterAdd(p, x, width, keys, n, rows);                                                                            \
  }

PLASA_GATHERED(float)
PLASA_GATHERED(double)

}  // namespace plasa::trainer
