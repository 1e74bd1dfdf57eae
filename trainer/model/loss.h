// Cross-entropy over the targets of a batch.
#pragma once

#include <ATen/core/Tensor.h>

#include "common/experiment/config.h"
#include "trainer/model/records.h"

namespace plasa::trainer {

// Fills ce, nll, correct and valid of `forward` from logits [B,L,V] and labels [B,L] (int64, kIgnoredLabel = no
// target).
void FillTargets(const Config& config, const at::Tensor& logits, const at::Tensor& labels, bool train,
                 Forward& forward);

}  // namespace plasa::trainer
