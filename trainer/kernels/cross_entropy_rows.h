// Cross-entropy of rows of logits, with its gradient, while the row is in the cache.
#pragma once

#include <cstdint>

namespace plasa::trainer {

// Logits [rows,vocabulary], dense. A row with a label < 0 has none.
template <class T>
struct LogitRows {
  T* logits;
  const int64_t* labels;  // [rows]
  const T* weights;       // [rows]: what a row counts in the mean
  int64_t rows, vocabulary;
};

// nll[i] = ln(sum of e^logits) - logits[label], 0 without a label. Each row of logits becomes the gradient of weight
// times nll: weight (softmax - one-hot), 0 without a label. NaN and infinite logits give NaN. Parallel over rows; no
// row depends on another.
template <class T>
void CrossEntropyRows(const LogitRows<T>& rows, T* nll);

// The same with the gradient rounded to bfloat16 in `gradient` [rows,vocabulary]; logits hold anything afterwards.
void CrossEntropyRowsBf16(const LogitRows<float>& rows, float* nll, uint16_t* gradient);

}  // namespace plasa::trainer
