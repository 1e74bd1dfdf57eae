// Loops over one row of keys, on plain arrays of float or double. `set` holds the keys attended to (nullptr = all n) in
// WordsOf(n) words, none behind n. Where a row is said to be roomy, it has RoomOf(n) entries and the kernel may read
// and write those behind n; a roomy teacher holds zeros there.
#pragma once

#include <cstdint>
#include <limits>

#include "trainer/kernels/key_bits.h"

namespace plasa::trainer {

// z: raw products on entry, softmax of scale * z over the set on exit, 0 outside and behind n; returns the log-sum-exp.
// Adds share * softmax to `teacher` if it is not nullptr. All roomy.
template <class T>
T SoftmaxRow(T* z, const KeyWord* set, int64_t n, T scale, T* teacher, T share);

// A row's softmax on its way through blocks of keys.
template <class T>
struct SoftmaxSoFar {
  T top = std::numeric_limits<T>::lowest();  // of scale * z
  T sum = 0;                                 // of exp(scale * z - top)
};

// A block of z: raw products on entry, exp(scale * z - top) on exit, 0 behind n > 0; brings `row` up to date and
// returns what the sums of earlier blocks must be multiplied by to count from the new top. Roomy.
template <class T>
T SoftmaxPart(T* z, int64_t n, T scale, SoftmaxSoFar<T>* row);

// x *= y. Roomy.
template <class T>
void MultiplyRow(T* x, const T* y, int64_t n);

// A bit for each factor that is not 0, none behind n; and back: `kept` where a bit is set, else 0. Factors are roomy.
template <class T>
void PackFactors(const T* factors, int64_t n, KeyWord* bits);
template <class T>
void UnpackFactors(const KeyWord* bits, int64_t n, T kept, T* factors);

// Backward of softmax and dropout. On entry z holds raw products, da the gradient of the dropped probabilities, keep
// the dropout factors (nullptr = none). On exit z holds the gradient of the raw products, da the dropped probabilities,
// 0 behind n. All roomy.
template <class T>
void SoftmaxBackwardRow(T* z, T* da, const KeyWord* set, const T* keep, int64_t n, T scale, T lse);

// The same for a block of keys of a row; delta = the row's sum of probability * gradient.
template <class T>
void SoftmaxBackwardPart(T* z, T* da, const KeyWord* set, const T* keep, int64_t n, T scale, T lse, T delta);

// scores += w * relu(dots).
template <class T>
void AddScoresRow(T* scores, const T* dots, int64_t n, T w);

// KL(p || softmax of scores over the set); p is zero outside. gradient = weight * (softmax - p), 0 outside the set and
// behind n. All roomy.
template <class T>
T KlRow(const T* scores, const T* p, const KeyWord* set, int64_t n, T weight, T* gradient);

// Backward of AddScoresRow: returns sum gradient * relu(dots) and replaces dots by their gradient.
template <class T>
T ScoresBackwardRow(const T* gradient, T* dots, int64_t n, T w);

}  // namespace plasa::trainer
