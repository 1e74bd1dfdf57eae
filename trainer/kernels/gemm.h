// Matrix products on plain row-major arrays: for blocks so small that making tensors of them costs more than the
// product.
#pragma once

#include <cstdint>

#include "trainer/kernels/factor.h"

namespace plasa::trainer {

// A row-major matrix inside a larger array: rows lie `stride` entries apart.
template <class T>
struct Matrix {
  T* data;
  int64_t stride;
};

// Whether a caller's products come in few sizes and strides, so that preparing each pays, or in a size for every window
// and tile: preparing those would take more time and memory than it saves.
enum class Sizes { kMany, kFew };

// c [m,n] = a b + beta c; a is [m,k], or [k,m] where transpose_a; b is [k,n], or [n,k] where transpose_b. With beta 0,
// c may hold anything. One product runs on one thread inside a parallel region.
template <class T>
void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const T> a, Matrix<const T> b,
          T beta, Matrix<T> c, Sizes sizes = Sizes::kMany);

// The same with factors of precision bf16 and sums in float; beta is 0 or 1. Those of bfloat16 where HasBf16Products()
// only, and always prepared.
void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const c10::BFloat16> a,
          Matrix<const c10::BFloat16> b, float beta, Matrix<float> c, Sizes sizes = Sizes::kFew);
void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const RoundedFloat> a,
          Matrix<const RoundedFloat> b, float beta, Matrix<float> c, Sizes sizes = Sizes::kFew);

// How products of rows in groups keep their bits: a row of a b^T must not depend on where its row of a stands, or on
// how many others there are, or a token's logits would tell which experts later tokens went to. Found out once, by
// trying.
struct RowProducts {
  enum class By { kBlas, kOneDnn, kNothing } by;
  int64_t align;  // groups are filled up to a multiple of so many rows
};
[[nodiscard]] const RowProducts& RowProductsHere();

// c [m,n] = a b^T for a [m,k] and b [n,k] with that promise, in float where RowProductsHere() found a way, to
// rounding in double. m is a multiple of its align.
template <class T>
void RowsGemm(int64_t m, int64_t n, int64_t k, Matrix<const T> a, Matrix<const T> b, Matrix<T> c);
void RowsGemm(int64_t m, int64_t n, int64_t k, Matrix<const c10::BFloat16> a, Matrix<const c10::BFloat16> b,
              Matrix<float> c);
void RowsGemm(int64_t m, int64_t n, int64_t k, Matrix<const RoundedFloat> a, Matrix<const RoundedFloat> b,
              Matrix<float> c);

}  // namespace plasa::trainer
