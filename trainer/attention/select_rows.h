// The k best keys of one row, on plain arrays.
#pragma once

#include <cstdint>
#include <type_traits>

namespace plasa::trainer {

// What rows of T are ordered by: integers of the same size.
template <class T>
using OrderOf = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;

// Marks in `out` (0/1, n bytes) the `k` best of n scores among those with allowed[s] != 0 (nullptr = all): score
// descending, index ascending, -0.0 equal to +0.0. `scratch` holds n integers of the scores' size. Returns false on a
// NaN among the allowed scores. k may exceed the number allowed.
[[nodiscard]] bool SelectRow(const float* scores, const uint8_t* allowed, int64_t n, int64_t k, uint32_t* scratch,
                             uint8_t* out);
[[nodiscard]] bool SelectRow(const double* scores, const uint8_t* allowed, int64_t n, int64_t k, uint64_t* scratch,
                             uint8_t* out);

// The k largest of n scores as libstdc++'s nth_element (partial_sort if 64k <= n) leaves them in front: the tie order
// of LibTorch 1.13's topk on the CPU. Precondition: 1 <= k <= n.
void SelectRowNthElement(const double* scores, int64_t n, int64_t k, uint8_t* out);

}  // namespace plasa::trainer
