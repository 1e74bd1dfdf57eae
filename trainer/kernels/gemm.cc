#include "trainer/kernels/gemm.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <dlfcn.h>

#include <type_traits>

#include "trainer/kernels/bf16_product.h"

namespace plasa::trainer {
namespace {

template <class T>
using BlasGemm = void (*)(const char*, const char*, const int*, const int*, const int*, const T*, const T*, const int*,
                          const T*, const int*, const T*, T*, const int*);

// The BLAS that LibTorch itself has loaded; nullptr where LibTorch keeps it to itself.
template <class T>
BlasGemm<T> LoadedBlas() {
  static const auto gemm =
      reinterpret_cast<BlasGemm<T>>(dlsym(RTLD_DEFAULT, std::is_same_v<T, float> ? "sgemm_" : "dgemm_"));
  return gemm;
}

template <class T>
at::Tensor View(Matrix<const T> x, bool transpose, int64_t rows, int64_t columns) {
  const auto type = at::TensorOptions().dtype(c10::CppTypeToScalarType<T>::value);
  const auto view = [&](int64_t r, int64_t c) {
    return at::from_blob(const_cast<T*>(x.data), {r, c}, {x.stride, 1}, type);
  };
  return transpose ? view(columns, rows).t() : view(rows, columns);
}

}  // namespace

template <class T>
void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const T> a, Matrix<const T> b,
          T beta, Matrix<T> c) {
  if (m == 0 || n == 0) return;
  if (const auto gemm = LoadedBlas<T>()) {
    // BLAS counts columns first, so it is asked for the transposed product b^T a^T.
    const auto size = [](int64_t x) { return static_cast<int>(x); };
    const int rows = size(n), columns = size(m), inner = size(k), lda = size(a.stride), ldb = size(b.stride),
              ldc = size(c.stride);
    const T one = 1;
    gemm(transpose_b ? "T" : "N", transpose_a ? "T" : "N", &rows, &columns, &inner, &one, b.data, &ldb, a.data, &lda,
         &beta, c.data, &ldc);
    return;
  }
  at::Tensor out = View<T>({c.data, c.stride}, false, m, n);
  const at::Tensor x = View<T>(a, transpose_a, m, k), y = View<T>(b, transpose_b, k, n);
  if (beta == T(0))
    at::mm_out(out, x, y);
  else
    at::addmm_out(out, out, x, y, beta, 1);
}

template void Gemm<float>(bool, bool, int64_t, int64_t, int64_t, Matrix<const float>, Matrix<const float>, float,
                          Matrix<float>);
template void Gemm<double>(bool, bool, int64_t, int64_t, int64_t, Matrix<const double>, Matrix<const double>, double,
                           Matrix<double>);

void Bf16Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const float> a,
              Matrix<const float> b, Matrix<float> c) {
  Bf16Product(View<float>(a, transpose_a, m, k), View<float>(b, transpose_b, k, n),
              View<float>({c.data, c.stride}, false, m, n));
}

}  // namespace plasa::trainer
