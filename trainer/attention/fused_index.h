// The lightning indexer on the CPU: scores of causal pairs, and the index loss with its gradient in one pass.
#pragma once

#include <ATen/TensorOperators.h>

#include "trainer/attention/projections.h"
#include "trainer/attention/rope.h"

namespace plasa::trainer {

// Rotated heads without a graph, contiguous.
[[nodiscard]] IndexHeads FusedIndexHeads(const IndexRows& rows, const RotaryTable& rotary);

// Scores [B,L,RoomOf(L)]; no gradient. CPU, float or double. Here as in all tensors with room, row t is defined, and 0
// behind t, in its first RoomOf(t+1) entries only.
[[nodiscard]] at::Tensor FusedIndexScores(const IndexHeads& heads);

// What the index loss compares, besides the differentiable rows.
struct IndexKlInputs {
  IndexHeads heads;    // as FusedIndexHeads gave them
  at::Tensor scores;   // as FusedIndexScores gave them
  at::Tensor teacher;  // [B,L,RoomOf(L)], 0 outside the set
  at::Tensor set;      // bool [B,L,RoomOf(L)], or undefined = all s <= t
  RotaryTable rotary;
  int64_t first_row = 0;
};

// Mean over rows t >= first_row of KL(teacher, softmax over the set of the scores); differentiable in the rows.
[[nodiscard]] at::Tensor FusedIndexKl(const IndexRows& rows, const IndexKlInputs& inputs);

}  // namespace plasa::trainer
