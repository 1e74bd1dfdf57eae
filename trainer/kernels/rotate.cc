#include "trainer/kernels/rotate.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace plasa::trainer {
namespace {

constexpr int64_t kRows = 64;  // rows a thread takes at least

// Calls f(row of projections, row of heads, position) for every batch row, position and head.
template <class T, class F>
void ForHeads(const HeadGroup& g, F f) {
  at::parallel_for(0, g.batch * g.length, kRows, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t b = i / g.length, t = i % g.length;
      for (int64_t h = 0; h < g.heads; ++h)
        f(i * g.row + g.offset + h * g.width, ((b * g.heads + h) * g.length + t) * g.width, t);
    }
  });
}

// Pairs (first, second) of partners: y1 = x1 c1 + x2 s1, y2 = x2 c2 + x1 s2; the way back swaps the sines.
template <class T>
inline void TurnPair(const T* x, const T* c, T s1, T s2, T* y, int64_t first, int64_t second) {
  const T a = x[first], b = x[second];
  y[first] = a * c[first] + b * s1;
  y[second] = b * c[second] + a * s2;
}

template <class T>
inline void Turn(const HeadGroup& g, const T* x, const T* c, const T* s, bool back, T* y) {
  if (g.style == RotaryStyle::kInterleaved) {
    for (int64_t i = 0; i < g.turned; i += 2)
      TurnPair(x, c, back ? s[i + 1] : s[i], back ? s[i] : s[i + 1], y, i, i + 1);
  } else if (g.style == RotaryStyle::kHalves) {
    const int64_t half = g.turned / 2;
    for (int64_t i = 0; i < half; ++i)
      TurnPair(x, c, back ? s[i + half] : s[i], back ? s[i] : s[i + half], y, i, i + half);
  }
  const int64_t start = g.style == RotaryStyle::kNone ? 0 : g.turned;
  std::copy(x + start, x + g.width, y + start);
}

}  // namespace

template <class T>
void SplitHeads(const HeadGroup& g, const T* rows, const T* cos, const T* sin, T* heads) {
  ForHeads<T>(g, [&](int64_t from, int64_t to, int64_t t) {
    Turn(g, rows + from, cos + t * g.turned, sin + t * g.turned, false, heads + to);
  });
}

template <class T>
void JoinHeads(const HeadGroup& g, const T* d_heads, const T* cos, const T* sin, T* d_rows) {
  ForHeads<T>(g, [&](int64_t to, int64_t from, int64_t t) {
    Turn(g, d_heads + from, cos + t * g.turned, sin + t * g.turned, true, d_rows + to);
  });
}

template void SplitHeads<float>(const HeadGroup&, const float*, const float*, const float*, float*);
template void SplitHeads<double>(const HeadGroup&, const double*, const double*, const double*, double*);
template void JoinHeads<float>(const HeadGroup&, const float*, const float*, const float*, float*);
template void JoinHeads<double>(const HeadGroup&, const double*, const double*, const double*, double*);

}  // namespace plasa::trainer
