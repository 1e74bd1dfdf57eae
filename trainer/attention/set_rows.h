// The key sets of a layer's queries as the CPU kernels keep them.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include "trainer/kernels/key_bits.h"

namespace plasa::trainer {

// Room for the sets of all queries: int16 [B,L,WordsOf(L)], words of KeyWord; L^2 / 8 bytes a batch row.
inline at::Tensor EmptySets(int64_t batch, int64_t length) {
  return at::empty({batch, length, WordsOf(length)}, at::kShort);
}

// The rows of such a tensor. Where there is none (undefined), queries attend to all s <= t and rows are nullptr. In the
// row of t, words behind WordsOf(t+1) are undefined.
class SetRows {
 public:
  explicit SetRows(const at::Tensor& sets) {
    if (!sets.defined()) return;
    data_ = reinterpret_cast<KeyWord*>(sets.data_ptr<int16_t>());
    length_ = sets.size(1);
    words_ = sets.size(2);
  }

  [[nodiscard]] KeyWord* Row(int64_t b, int64_t t) const {
    return data_ ? data_ + (b * length_ + t) * words_ : nullptr;
  }

 private:
  KeyWord* data_ = nullptr;
  int64_t length_ = 0, words_ = 0;
};

}  // namespace plasa::trainer
