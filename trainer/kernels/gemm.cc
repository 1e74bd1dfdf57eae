#include "trainer/kernels/gemm.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstring>
#include <initializer_list>
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

// Whether calling oneDNN is short beside the product. Where b is transposed, OpenBLAS takes longer over it with
// AVX-512: twice as long for 64 x 64 to 192 x 32, attention's scores in short windows.
bool IsLarge(int64_t m, int64_t n, int64_t k, bool transpose_b = false) {
  return m * n * k >= int64_t{1} << (transpose_b && HasFloatProducts() ? 17 : 19);
}

// Whether oneDNN is the faster of the two for a prepared product: always with AVX-512; else (Zen 3) for thin ones, by a
// quarter, and for products of rows as they lie that are not added to anything, by 7 %. Measured once for all machines:
// a choice by a timing here would change the bits of a result from run to run.
bool IsFasterByOneDnn(bool transpose_a, bool adds, int64_t n, int64_t k) {
  constexpr int64_t kThin = 64;
  return HasFloatProducts() || (HasOneDnn() && (std::min(n, k) <= kThin || (!transpose_a && !adds)));
}

// Whether `product` (rows, inputs, outputs) gives equal rows equal bits, wherever they stand in groups of these sizes.
template <class Product>
bool KeepsBits(std::initializer_list<int64_t> groups, Product product) {
  constexpr int64_t n = 40, k = 33;
  std::vector<float> row(k), b(n * k), first;
  for (int64_t i = 0; i < k; ++i) row[i] = 1.0F / static_cast<float>(3 + i);
  for (int64_t i = 0; i < n * k; ++i) b[i] = 1.0F / static_cast<float>(7 + i % 101) - 0.02F;
  for (const int64_t rows : groups) {
    std::vector<float> a, c(rows * n);
    for (int64_t r = 0; r < rows; ++r) a.insert(a.end(), row.begin(), row.end());
    product(rows, n, k, a.data(), b.data(), c.data());
    if (first.empty()) first.assign(c.begin(), c.begin() + n);
    for (int64_t r = 0; r < rows; ++r)
      if (std::memcmp(c.data() + r * n, first.data(), n * sizeof(float)) != 0) return false;
  }
  return true;
}

// OpenBLAS's AVX2 kernels sum in another order in every other six rows; oneDNN's only in those beyond whole sixes.
RowProducts TryRowProducts() {
  const auto blas = [](int64_t m, int64_t n, int64_t k, const float* a, const float* b, float* c) {
    Gemm<float>(false, true, m, n, k, {a, k}, {b, k}, 0, {c, n});
  };
  if (KeepsBits({32, 1, 5, 13, 64, 96, 128}, blas)) return {RowProducts::By::kBlas, 32};
  const auto onednn = [](int64_t m, int64_t n, int64_t k, const float* a, const float* b, float* c) {
    OneDnnProduct({false, false, true, false, m, n, k, k, k, n}, a, b, c);
  };
  if (HasOneDnn() && KeepsBits({24, 48, 96, 120, 144, 168, 192}, onednn)) return {RowProducts::By::kOneDnn, 24};
  return {RowProducts::By::kNothing, 32};
}

Matrix<const float> Floats(Matrix<const RoundedFloat> x) { return {&x.data->value, x.stride}; }

}  // namespace

template <class T>
void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const T> a, Matrix<const T> b,
          T beta, Matrix<T> c, Sizes sizes) {
  if (m == 0 || n == 0) return;
  if constexpr (std::is_same_v<T, float>) {
    if (sizes == Sizes::kFew && IsLarge(m, n, k, transpose_b) && (beta == 0 || beta == 1) &&
        IsFasterByOneDnn(transpose_a, beta == 1, n, k))
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

const RowProducts& RowProductsHere() {
  static const RowProducts found = TryRowProducts();
  return found;
}

template <class T>
void RowsGemm(int64_t m, int64_t n, int64_t k, Matrix<const T> a, Matrix<const T> b, Matrix<T> c) {
  if constexpr (std::is_same_v<T, float>) {
    const RowProducts& here = RowProductsHere();
    // Which of the two libraries is asked must not depend on the number of rows either.
    if (here.by == RowProducts::By::kOneDnn || (HasFloatProducts() && IsLarge(here.align, n, k)))
      return OneDnnProduct({false, false, true, false, m, n, k, a.stride, b.stride, c.stride}, a.data, b.data, c.data);
  }
  Gemm<T>(false, true, m, n, k, a, b, T(0), c);
}
template void RowsGemm<float>(int64_t, int64_t, int64_t, Matrix<const float>, Matrix<const float>, Matrix<float>);
template void RowsGemm<double>(int64_t, int64_t, int64_t, Matrix<const double>, Matrix<const double>, Matrix<double>);

void RowsGemm(int64_t m, int64_t n, int64_t k, Matrix<const c10::BFloat16> a, Matrix<const c10::BFloat16> b,
              Matrix<float> c) {
  Gemm(false, true, m, n, k, a, b, 0, c);
}
void RowsGemm(int64_t m, int64_t n, int64_t k, Matrix<const RoundedFloat> a, Matrix<const RoundedFloat> b,
              Matrix<float> c) {
  RowsGemm<float>(m, n, k, Floats(a), Floats(b), c);
}

void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const c10::BFloat16> a,
          Matrix<const c10::BFloat16> b, float beta, Matrix<float> c, Sizes) {
  if (m == 0 || n == 0) return;
  OneDnnProduct({true, transpose_a, transpose_b, beta != 0, m, n, k, a.stride, b.stride, c.stride}, a.data, b.data,
                c.data);
}
void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const RoundedFloat> a,
          Matrix<const RoundedFloat> b, float beta, Matrix<float> c, Sizes sizes) {
  Gemm<float>(transpose_a, transpose_b, m, n, k, Floats(a), Floats(b), beta, c, sizes);
}

}  // namespace plasa::trainer
