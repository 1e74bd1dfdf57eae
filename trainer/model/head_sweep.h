// The head and its loss on the CPU, by tiles of rows and words that stay in the cache: of all logits only e^(logit -
// the tile's largest) is kept, for some hundred rows at a time. Spec 5.1.
#pragma once

#include <ATen/core/Tensor.h>

namespace plasa::trainer {

// One call: x [N,d] and weight [V,d], contiguous float or double on the CPU; labels int64 [N], below 0 = none.
struct HeadInput {
  at::Tensor x, weight, labels;
  bool bf16 = false;        // products of entries rounded to bfloat16; of floats only
  int64_t most_logits = 0;  // of a chunk of rows; a row at least
};

struct HeadGradient {
  at::Tensor nll;            // double [N], 0 where ignored
  at::Tensor d_x, d_weight;  // of the mean over the rows with a label
};

// The loss and its gradients.
[[nodiscard]] HeadGradient SweepHead(const HeadInput& in);

struct HeadRows {
  at::Tensor nll;      // [N] like x, 0 where ignored
  at::Tensor correct;  // bool [N]: argmax (lowest index on ties) equals the label
};

// The loss alone.
[[nodiscard]] HeadRows JudgeHead(const HeadInput& in);

}  // namespace plasa::trainer
