// Cross-entropy over the targets of a batch.
#pragma once

#include <ATen/core/Tensor.h>

#include "common/experiment/config.h"
#include "trainer/model/records.h"

namespace plasa::trainer {

// Both fill ce and valid of `forward` and, unless `train`, nll and correct, for labels [B,L] (int64, kIgnoredLabel = no
// target): from logits [B,L,V], or from the head's input x [B,L,d] and its weight [V,d] without logits of all rows.
void FillTargets(const Config& config, const at::Tensor& logits, const at::Tensor& labels, bool train,
                 Forward& forward);
void FillTargetsOfHead(const Config& config, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& labels,
                       bool train, Forward& forward);

}  // namespace plasa::trainer
