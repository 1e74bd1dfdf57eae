#include "trainer/attention/index_loss.h"

#include <ATen/ops/xlogy.h>

#include <limits>

namespace plasa::trainer {

at::Tensor IndexKl(const at::Tensor& scores, const at::Tensor& support, const at::Tensor& teacher,
                   const at::Tensor& rows) {
  const at::Tensor outside = support.logical_not();
  const at::Tensor log_q =
      scores.masked_fill(outside, -std::numeric_limits<double>::infinity()).log_softmax(-1).masked_fill(outside, 0.0);
  const at::Tensor row = (at::xlogy(teacher, teacher) - teacher * log_q).sum(-1);
  if (!rows.defined()) return row.mean();
  return (row * rows).sum() / rows.sum().clamp_min(1);
}

}  // namespace plasa::trainer
