#include "trainer/optimiser.h"

#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include <cmath>

namespace plasa::trainer {

double LearningRate(const Config& c, int64_t step, double peak) {
  const auto s = static_cast<double>(step);
  const auto warm = static_cast<double>(c.warmup_steps);
  if (step < c.warmup_steps) return peak * (s + 1) / warm;
  if (c.lr_schedule == LrSchedule::kConstant) return peak;
  const double f = std::min(1.0, (s - warm) / std::max(1.0, static_cast<double>(c.steps) - warm));
  const double low = peak * c.lr_min_ratio;
  const double share = c.lr_schedule == LrSchedule::kCosine ? 0.5 * (1.0 + std::cos(M_PI * f)) : 1.0 - f;
  return low + (peak - low) * share;
}

Adam::Adam(const Model& model) : config_(model.config()), parameters_(model.parameters()) {
  for (const Parameter& p : parameters_) {
    const bool learns = p.group != ParameterGroup::kFrozen;
    moments_.push_back({p.name, learns ? at::zeros_like(p.value).detach() : at::Tensor(),
                        learns ? at::zeros_like(p.value).detach() : at::Tensor()});
  }
}

StepReport Adam::Step(std::vector<at::Tensor> gradients) {
  const c10::AutoGradMode no_graph(false);
  StepReport report;
  report.lr_main = LearningRate(config_, steps_, config_.lr);
  report.lr_indexer = LearningRate(config_, steps_, config_.indexer_lr);
  ++steps_;
  report.norm_main = StepGroup(ParameterGroup::kMain, config_.clip, report.lr_main, config_.weight_decay, gradients);
  report.norm_indexer = StepGroup(ParameterGroup::kIndexer, config_.indexer_clip, report.lr_indexer, 0.0, gradients);
  return report;
}

double Adam::StepGroup(ParameterGroup group, double clip, double lr, double decay,
                       const std::vector<at::Tensor>& gradients) {
  std::vector<at::Tensor> norms;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (parameters_[i].group == group) norms.push_back(at::linalg_vector_norm(gradients[i], 2.0));
  }
  if (norms.empty()) return 0;
  const double norm = at::linalg_vector_norm(at::stack(norms), 2.0).item<double>();
  const double factor = clip > 0 ? std::min(1.0, clip / (norm + 1e-6)) : 1.0;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (parameters_[i].group != group) continue;
    Update(i, gradients[i].mul_(factor), lr, IsDecayed(parameters_[i].name) ? decay : 0.0);
  }
  return norm;
}

void Adam::Update(size_t i, const at::Tensor& gradient, double lr, double decay) {
  const at::Tensor p = parameters_[i].value.detach();
  at::Tensor g = gradient;
  if (decay > 0 && config_.optimizer == Optimizer::kAdam) g = g + p * decay;
  if (decay > 0 && config_.optimizer == Optimizer::kAdamW) p.mul_(1.0 - lr * decay);
  const auto t = static_cast<double>(steps_);
  const Moments& mo = moments_[i];
  mo.m.mul_(config_.beta1).add_(g, 1 - config_.beta1);
  mo.v.mul_(config_.beta2).addcmul_(g, g, 1 - config_.beta2);
  const at::Tensor scale = mo.v.sqrt().div_(std::sqrt(1 - std::pow(config_.beta2, t))).add_(config_.eps);
  p.addcdiv_(mo.m, scale, -lr / (1 - std::pow(config_.beta1, t)));
}

}  // namespace plasa::trainer
