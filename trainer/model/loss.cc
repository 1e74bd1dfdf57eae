#include "trainer/model/loss.h"

#include <ATen/core/Reduction.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/nll_loss.h>

#include "trainer/model/linear_cross_entropy.h"

namespace plasa::trainer {
namespace {

// What is asked of the positions of a batch, by its target rule. Spec 9.3.
struct Asked {
  at::Tensor from;    // [B*L', *] what the positions with a target have
  at::Tensor labels;  // [B,L']
};

Asked AskedOf(const Config& config, const at::Tensor& from, const at::Tensor& labels) {
  if (config.target_rule == TargetRule::kNext) return {from.flatten(0, 1), labels};
  const int64_t last = labels.size(1) - 1;
  return {from.narrow(1, 0, last).flatten(0, 1), labels.narrow(1, 1, last)};
}

}  // namespace

void FillTargets(const Config& config, const at::Tensor& logits, const at::Tensor& labels, bool train,
                 Forward& forward) {
  const Asked asked = AskedOf(config, logits, labels);
  const at::Tensor log_p = at::log_softmax(asked.from, -1), flat = asked.labels.flatten();
  forward.ce = at::nll_loss(log_p, flat, {}, at::Reduction::Mean, kIgnoredLabel);
  forward.valid = asked.labels.ne(kIgnoredLabel);
  if (train) return;
  forward.nll = at::nll_loss(log_p, flat, {}, at::Reduction::None, kIgnoredLabel).view_as(asked.labels);
  forward.correct = asked.from.argmax(-1).view_as(asked.labels).eq(asked.labels);
}

void FillTargetsOfHead(const Config& config, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& labels,
                       bool train, Forward& forward) {
  const Asked asked = AskedOf(config, x, labels);
  const LinearCrossEntropyResult loss =
      LinearCrossEntropy(asked.from, weight, asked.labels.flatten(), config.precision);
  forward.ce = loss.mean;
  forward.valid = asked.labels.ne(kIgnoredLabel);
  if (train) return;
  forward.nll = loss.nll.view_as(asked.labels);
  forward.correct = loss.correct.view_as(asked.labels);
}

}  // namespace plasa::trainer
