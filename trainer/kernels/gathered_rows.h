// One query and the keys it chose, on plain arrays: rows of `width` entries of a matrix, picked by their numbers. For
// sets so small beside the window that whole rows of products would mostly be thrown away.
#pragma once

#include <cstdint>

#include "trainer/kernels/key_bits.h"

namespace plasa::trainer {

// The numbers of a set's keys in ascending order; returns how many.
int64_t UnpackKeys(const KeyWord* set, int64_t words, int32_t* keys);

// z[i] = q . rows[keys[i]].
template <class T>
void GatheredDots(const T* q, const T* rows, int64_t width, const int32_t* keys, int64_t n, T* z);

// out = sum of p[i] rows[keys[i]].
template <class T>
void GatheredSum(const T* p, const T* rows, int64_t width, const int32_t* keys, int64_t n, T* out);

// rows[keys[i]] += p[i] x.
template <class T>
void ScatteredAdd(const T* p, const T* x, int64_t width, const int32_t* keys, int64_t n, T* rows);

}  // namespace plasa::trainer
