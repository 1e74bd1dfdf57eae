#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/autograd.h>

#include "trainer/model/model.h"

namespace plasa::trainer {

std::vector<at::Tensor> Gradients(const Model& model, const at::Tensor& loss) {
  std::vector<at::Tensor> learning;
  for (const Parameter& p : model.parameters()) {
    if (p.group != ParameterGroup::kFrozen) learning.push_back(p.value);
  }
  const auto found = torch::autograd::grad({loss}, learning, {}, c10::nullopt, false, /*allow_unused=*/true);
  std::vector<at::Tensor> gradients;
  size_t next = 0;
  for (const Parameter& p : model.parameters()) {
    const at::Tensor g = p.group == ParameterGroup::kFrozen ? at::Tensor() : found[next++];
    if (!g.defined())
      gradients.push_back(at::zeros_like(p.value));
    else
      gradients.push_back(g.is_sparse() ? g.to_dense() : g);  // an embedding that is not tied
  }
  return gradients;
}

}  // namespace plasa::trainer
