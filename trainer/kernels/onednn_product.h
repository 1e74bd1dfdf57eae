// Matrix products by oneDNN, where this build has it.
#pragma once

#include <cstdint>

namespace plasa::trainer {

// c [m,n] = a b, or added to c; a is [m,k], or [k,m] where transpose_a; b is [k,n], or [n,k] where transpose_b. Rows
// lie lda, ldb and ldc entries apart. a and b are both float, or both bfloat16; c is float.
struct ProductSpec {
  bool bf16, transpose_a, transpose_b, add;
  int64_t m, n, k, lda, ldb, ldc;

  bool operator==(const ProductSpec&) const = default;
};

// Whether this build has it.
[[nodiscard]] bool HasOneDnn();
// Whether oneDNN multiplies bfloat16 by this CPU's own instructions, and these are faster than those for floats.
[[nodiscard]] bool HasBf16Products();
// Whether its float products are the fast ones: it has its best kernels from AVX-512 on.
[[nodiscard]] bool HasFloatProducts();

// Prepares a product once a thread and size, and runs it: on one thread inside a parallel region, else on all. Throws
// std::logic_error in a build without oneDNN.
void OneDnnProduct(const ProductSpec& spec, const void* a, const void* b, float* c);

}  // namespace plasa::trainer
