#include "trainer/kernels/cross_entropy_rows.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "trainer/kernels/clones.h"
#include "trainer/kernels/lanes.h"

namespace plasa::trainer {
namespace {

using Halves [[gnu::vector_size(32)]] = uint16_t;

// To the nearest bfloat16, ties to even; NaN stays NaN.
PLASA_INLINE Halves RoundLanes(const Lanes<float>& x) {
  const auto bits = reinterpret_cast<LaneMask<float>>(x);
  const LaneMask<float> rounded = bits + 0x7fff + ((bits >> 16) & 1);
  const LaneMask<float> kept = x == x ? rounded : (bits | 0x400000);
  return __builtin_convertvector(kept >> 16, Halves);
}

// Where a row of the gradient goes: over its logits, or rounded elsewhere.
template <class T>
struct InPlace {
  PLASA_INLINE void Whole(int64_t i, const Lanes<T>& x) const { Store(row + i, x); }
  PLASA_INLINE void Part(int64_t i, int64_t n, const Lanes<T>& x) const { StorePart(row + i, n, x); }
  T* row;
};
struct Rounded {
  PLASA_INLINE void Whole(int64_t i, const Lanes<float>& x) const {
    const Halves h = RoundLanes(x);
    std::memcpy(row + i, &h, sizeof h);
  }
  PLASA_INLINE void Part(int64_t i, int64_t n, const Lanes<float>& x) const {
    const Halves h = RoundLanes(x);
    std::memcpy(row + i, &h, static_cast<size_t>(n) * sizeof(uint16_t));
  }
  uint16_t* row;
};

template <class T>
PLASA_INLINE T LargestOfRow(const T* x, int64_t n) {
  Lanes<T> most = Splat(x[0]);
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) most = Larger<T>(most, Load(x + i));
  T largest = LargestOf<T>(most);
  for (; i < n; ++i) largest = std::max(largest, x[i]);
  return largest;
}

// x = e^(x - largest); returns their sum.
template <class T>
PLASA_INLINE T ExpRow(T* x, int64_t n, T largest) {
  Lanes<T> sum{};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    const Lanes<T> e = ExpLanes(Load(x + i) - largest);
    Store<T>(x + i, e);
    sum += e;
  }
  T rest = 0;
  if (i < n) {
    Lanes<T> last = Splat(largest - T(1e4));  // beyond the row: e^ of it is 0
    std::memcpy(&last, x + i, static_cast<size_t>(n - i) * sizeof(T));
    const Lanes<T> e = ExpLanes(last - largest);
    StorePart<T>(x + i, n - i, e);
    rest = SumOf<T>(e);
  }
  return SumOf<T>(sum) + rest;
}

template <class T, class Out>
PLASA_INLINE T OneRow(T* x, int64_t n, int64_t label, T weight, const Out& out) {
  const T largest = LargestOfRow(x, n), at_label = x[label];
  const T sum = ExpRow(x, n, largest), factor = weight / sum;
  x[label] -= sum;  // softmax - one-hot, before the division
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) out.Whole(i, Load(x + i) * factor);
  if (i < n) out.Part(i, n - i, LoadPart(x + i, n - i) * factor);
  return std::log(sum) + (largest - at_label);
}

PLASA_CLONES float Row(float* x, int64_t n, int64_t label, float weight, const InPlace<float>& out) {
  return OneRow(x, n, label, weight, out);
}
PLASA_CLONES double Row(double* x, int64_t n, int64_t label, double weight, const InPlace<double>& out) {
  return OneRow(x, n, label, weight, out);
}
PLASA_CLONES float Row(float* x, int64_t n, int64_t label, float weight, const Rounded& out) {
  return OneRow(x, n, label, weight, out);
}

template <class T, class OutOf>
void AllRows(const LogitRows<T>& rows, T* nll, OutOf out_of) {
  at::parallel_for(0, rows.rows, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto out = out_of(i);
      nll[i] = 0;
      if (rows.labels[i] < 0) {
        std::fill_n(out.row, rows.vocabulary, 0);
        continue;
      }
      nll[i] = Row(rows.logits + i * rows.vocabulary, rows.vocabulary, rows.labels[i], rows.weights[i], out);
    }
  });
}

}  // namespace

template <class T>
void CrossEntropyRows(const LogitRows<T>& rows, T* nll) {
  AllRows(rows, nll, [&](int64_t i) { return InPlace<T>{rows.logits + i * rows.vocabulary}; });
}
template void CrossEntropyRows<float>(const LogitRows<float>&, float*);
template void CrossEntropyRows<double>(const LogitRows<double>&, double*);

void CrossEntropyRowsBf16(const LogitRows<float>& rows, float* nll, uint16_t* gradient) {
  AllRows(rows, nll, [&](int64_t i) { return Rounded{gradient + i * rows.vocabulary}; });
}

}  // namespace plasa::trainer
