#include "trainer/kernels/gemm.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <dlfcn.h>

#include <algorithm>
#include <type_traits>
#include <vector>

#include "trainer/kernels/onednn_product.h"

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

// Whether calling oneDNN is short beside the product.
bool IsLarge(int64_t m, int64_t n, int64_t k) { return m * n * k >= int64_t{1} << 19; }

// Rows of bfloat16 as floats.
std::vector<float> Widened(Matrix<const c10::BFloat16> x, int64_t rows, int64_t columns) {
  std::vector<float> out(static_cast<size_t>(rows * columns));
  for (int64_t i = 0; i < rows; ++i) std::copy_n(x.data + i * x.stride, columns, out.data() + i * columns);
  return out;
}

}  // namespace

template <class T>
void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const T> a, Matrix<const T> b,
          T beta, Matrix<T> c, Sizes sizes) {
  if (m == 0 || n == 0) return;
  if constexpr (std::is_same_v<T, float>) {
    if (sizes == Sizes::kFew && IsLarge(m, n, k) && (beta == 0 || beta == 1) && HasFloatProducts())
      return OneDnnProduct({false, transpose_a, transpose_b, beta == 1, m, n, k, a.stride, b.stride, c.stride}, a.data,
                           b.data, c.data);
  }
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
                          Matrix<float>, Sizes);
template void Gemm<double>(bool, bool, int64_t, int64_t, int64_t, Matrix<const double>, Matrix<const double>, double,
                           Matrix<double>, Sizes);

void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const c10::BFloat16> a,
          Matrix<const c10::BFloat16> b, float beta, Matrix<float> c, Sizes sizes) {
  if (m == 0 || n == 0) return;
  if (HasBf16Products())
    return OneDnnProduct({true, transpose_a, transpose_b, beta != 0, m, n, k, a.stride, b.stride, c.stride}, a.data,
                         b.data, c.data);
  const auto wide_a = transpose_a ? Widened(a, k, m) : Widened(a, m, k),
             wide_b = transpose_b ? Widened(b, n, k) : Widened(b, k, n);
  Gemm<float>(transpose_a, transpose_b, m, n, k, {wide_a.data(), transpose_a ? m : k},
              {wide_b.data(), transpose_b ? k : n}, beta, c, sizes);
}

}  // namespace plasa::trainer
