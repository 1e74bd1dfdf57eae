#include "trainer/model/loss.h"

#include <ATen/core/Reduction.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/nll_loss.h>

namespace plasa::trainer {

void FillTargets(const Config& config, const at::Tensor& logits, const at::Tensor& labels, bool train,
                 Forward& forward) {
  const bool shifted = config.target_rule == TargetRule::kShifted;
  const int64_t last = logits.size(1) - 1;
  const at::Tensor used = (shifted ? logits.narrow(1, 0, last) : logits).flatten(0, 1);
  const at::Tensor asked = shifted ? labels.narrow(1, 1, last) : labels;
  const at::Tensor log_p = at::log_softmax(used, -1);
  const at::Tensor flat = asked.flatten();
  forward.ce = at::nll_loss(log_p, flat, {}, at::Reduction::Mean, kIgnoredLabel);
  forward.valid = asked.ne(kIgnoredLabel);
  if (train) return;
  forward.nll = at::nll_loss(log_p, flat, {}, at::Reduction::None, kIgnoredLabel).view_as(asked);
  forward.correct = used.argmax(-1).view_as(asked).eq(asked);
}

}  // namespace plasa::trainer
