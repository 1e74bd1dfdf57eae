#include "trainer/audit/plain_adam.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>

#include "trainer/audit/audit.h"
#include "trainer/audit/compare.h"

namespace plasa::trainer {
namespace {

double Difference(const at::Tensor& a, const std::vector<double>& b) {
  const at::Tensor plain = at::empty(a.sizes(), at::kDouble);
  std::copy(b.begin(), b.end(), plain.data_ptr<double>());
  return RelativeDifference(a, plain);
}

}  // namespace

PlainAdam::PlainAdam(const Model& model) : model_(model) {
  for (const Parameter& p : model.parameters()) {
    const double* x = p.value.data_ptr<double>();
    const auto n = static_cast<size_t>(p.value.numel());
    states_.push_back({{x, x + n}, std::vector<double>(n), std::vector<double>(n)});
  }
}

void PlainAdam::Step(const std::vector<at::Tensor>& gradients, int64_t step) {
  const Config& c = model_.config();
  const auto t = static_cast<double>(step + 1);
  StepGroup(ParameterGroup::kMain, c.clip, {1, LearningRate(c, step, c.lr), c.weight_decay, t}, gradients);
  StepGroup(ParameterGroup::kIndexer, c.indexer_clip, {1, LearningRate(c, step, c.indexer_lr), 0, t}, gradients);
}

void PlainAdam::StepGroup(ParameterGroup group, double clip, Rates rates, const std::vector<at::Tensor>& gradients) {
  double squares = 0;
  for (size_t i = 0; i < states_.size(); ++i) {
    if (model_.parameters()[i].group == group) squares += gradients[i].square().sum().item<double>();
  }
  if (clip > 0) rates.factor = std::min(1.0, clip / (std::sqrt(squares) + 1e-6));
  for (size_t i = 0; i < states_.size(); ++i) {
    const Parameter& p = model_.parameters()[i];
    if (p.group != group) continue;
    Rates own = rates;
    own.decay = IsDecayed(p.name) ? rates.decay : 0;
    const at::Tensor g = gradients[i].contiguous();
    StepEntries(states_[i], g.data_ptr<double>(), own);
  }
}

void PlainAdam::StepEntries(State& s, const double* g, const Rates& r) const {
  const Config& c = model_.config();
  for (size_t i = 0; i < s.p.size(); ++i) {
    if (c.optimizer == Optimizer::kAdamW) s.p[i] *= 1 - r.lr * r.decay;
    const double step = g[i] * r.factor + (c.optimizer == Optimizer::kAdam ? r.decay * s.p[i] : 0);
    s.m[i] = c.beta1 * s.m[i] + (1 - c.beta1) * step;
    s.v[i] = c.beta2 * s.v[i] + (1 - c.beta2) * step * step;
    const double root = std::sqrt(s.v[i]) / std::sqrt(1 - std::pow(c.beta2, r.t)) + c.eps;
    s.p[i] -= r.lr / (1 - std::pow(c.beta1, r.t)) * s.m[i] / root;
  }
}

double PlainAdam::DifferenceFrom(const Adam& adam) const {
  double worst = 0;
  for (size_t i = 0; i < states_.size(); ++i) {
    worst = Worse(worst, Difference(model_.parameters()[i].value, states_[i].p));
    if (!adam.moments()[i].m.defined()) continue;
    worst = Worse(worst, Difference(adam.moments()[i].m, states_[i].m));
    worst = Worse(worst, Difference(adam.moments()[i].v, states_[i].v));
  }
  return worst;
}

}  // namespace plasa::trainer
