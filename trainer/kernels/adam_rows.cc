#include "trainer/kernels/adam_rows.h"

#include <cmath>

#include "trainer/kernels/lanes.h"
#include "trainer/kernels/this_cpu.h"

namespace plasa::trainer {
namespace {

template <class T>
PLASA_INLINE void Update(const AdamRates& r, int64_t n, T* __restrict p, const T* __restrict g, T* __restrict m,
                         T* __restrict v) {
  const T factor = static_cast<T>(r.factor), l2 = static_cast<T>(r.l2), keep = static_cast<T>(r.keep);
  const T beta1 = static_cast<T>(r.beta1), fresh1 = static_cast<T>(1 - r.beta1);
  const T beta2 = static_cast<T>(r.beta2), fresh2 = static_cast<T>(1 - r.beta2);
  const T rate = static_cast<T>(r.rate), root = static_cast<T>(r.root), eps = static_cast<T>(r.eps);
  for (int64_t i = 0; i < n; ++i) {
    const T d = factor * g[i] + l2 * p[i];
    m[i] = beta1 * m[i] + fresh1 * d;
    v[i] = beta2 * v[i] + fresh2 * d * d;
    p[i] = keep * p[i] - rate * m[i] / (std::sqrt(v[i]) / root + eps);
  }
}

template <int64_t R, class T>
PLASA_INLINE T Squares(int64_t n, const T* x) {
  Lanes<T, R> sum{};
  ForParts<R, T>(n, [&](int64_t i, auto load, auto) PLASA_LAMBDA { sum += load(x + i) * load(x + i); });
  return SumOf(sum);
}

}  // namespace

void AdamRow(const AdamRates& rates, int64_t n, float* p, const float* g, float* m, float* v) {
  ForThisCpu([=, &rates](auto) PLASA_LAMBDA { Update(rates, n, p, g, m, v); });
}
void AdamRow(const AdamRates& rates, int64_t n, double* p, const double* g, double* m, double* v) {
  ForThisCpu([=, &rates](auto) PLASA_LAMBDA { Update(rates, n, p, g, m, v); });
}

float SquaresOfRow(int64_t n, const float* x) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA { return Squares<r>(n, x); });
}
double SquaresOfRow(int64_t n, const double* x) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA { return Squares<r>(n, x); });
}

}  // namespace plasa::trainer
