// Loops over one row of a tile of logits, on plain arrays. A factor of a product is T itself, or bfloat16 or
// RoundedFloat for T = float.
#pragma once

#include <cstdint>

#include "trainer/kernels/factor.h"

namespace plasa::trainer {

// The largest of n > 0 numbers.
template <class T>
T LargestOfRow(const T* x, int64_t n);

// e[i] = e^(logit[i] - shift), as a factor; returns their sum. No logit lies above the shift; one
// that is NaN makes the sum NaN, and one that lies more than 87 below counts nothing.
template <class T, class Factor>
T ExpRow(const T* logits, int64_t n, T shift, Factor* e);

// Sum alone.
template <class T>
T ExpSumOfRow(const T* logits, int64_t n, T shift);

// y = a x, as a factor.
template <class T, class Factor>
void ScaleRow(T a, const T* x, int64_t n, Factor* y);

// y += a x.
template <class T>
void AddRow(T a, const T* x, int64_t n, T* y);

}  // namespace plasa::trainer
