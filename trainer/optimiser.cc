#include "trainer/optimiser.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace plasa::trainer {

namespace {

constexpr int64_t kGrain = 1 << 14;  // entries a thread takes at least
constexpr int64_t kPiece = 1 << 12;  // entries whose squares are summed at a time

// In one pass over memory, where whole tensors would take ten.
void UpdateRows(const at::Tensor& p, const at::Tensor& g, const Adam::Moments& mo, const AdamRates& rates) {
  AT_DISPATCH_FLOATING_TYPES(p.scalar_type(), "AdamRow", [&] {
    at::parallel_for(0, p.numel(), kGrain, [&](int64_t begin, int64_t end) {
      AdamRow(rates, end - begin, p.data_ptr<scalar_t>() + begin, g.data_ptr<scalar_t>() + begin,
              mo.m.data_ptr<scalar_t>() + begin, mo.v.data_ptr<scalar_t>() + begin);
    });
  });
}

// Sum of the squares of all entries: of pieces, then of these in order, so that threads do not change it.
double SquaresOf(const at::Tensor& g) {
  const at::Tensor dense = g.contiguous();
  const int64_t n = g.numel(), pieces = (n + kPiece - 1) / kPiece;
  std::vector<double> squares(static_cast<size_t>(pieces));
  AT_DISPATCH_FLOATING_TYPES(g.scalar_type(), "SquaresOfRow", [&] {
    at::parallel_for(0, pieces, kGrain / kPiece, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        squares[i] = SquaresOfRow(std::min(kPiece, n - i * kPiece), dense.data_ptr<scalar_t>() + i * kPiece);
    });
  });
  return std::accumulate(squares.begin(), squares.end(), 0.0);
}

// Of all entries of the gradients together; 0 of none.
double NormOf(const std::vector<at::Tensor>& gradients) {
  if (gradients.empty()) return 0;
  if (gradients.front().is_cpu()) {
    double squares = 0;
    for (const at::Tensor& g : gradients) squares += SquaresOf(g);
    return std::sqrt(squares);
  }
  std::vector<at::Tensor> norms;
  for (const at::Tensor& g : gradients) norms.push_back(at::linalg_vector_norm(g, 2.0));
  return at::linalg_vector_norm(at::stack(norms), 2.0).item<double>();
}

}  // namespace

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
  std::vector<at::Tensor> mine;
  for (size_t i = 0; i < parameters_.size(); ++i)
    if (parameters_[i].group == group) mine.push_back(gradients[i]);
  const double norm = NormOf(mine);
  const double factor = clip > 0 ? std::min(1.0, clip / (norm + 1e-6)) : 1.0;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (parameters_[i].group != group) continue;
    Update(i, gradients[i], RatesOf(factor, lr, IsDecayed(parameters_[i].name) ? decay : 0.0));
  }
  return norm;
}

AdamRates Adam::RatesOf(double factor, double lr, double decay) const {
  const auto t = static_cast<double>(steps_);
  AdamRates rates;
  rates.factor = factor;
  rates.l2 = config_.optimizer == Optimizer::kAdam ? decay : 0;
  rates.keep = config_.optimizer == Optimizer::kAdamW ? 1.0 - lr * decay : 1.0;
  rates.beta1 = config_.beta1;
  rates.beta2 = config_.beta2;
  rates.rate = lr / (1 - std::pow(config_.beta1, t));
  rates.root = std::sqrt(1 - std::pow(config_.beta2, t));
  rates.eps = config_.eps;
  return rates;
}

void Adam::Update(size_t i, const at::Tensor& gradient, const AdamRates& rates) {
  const at::Tensor p = parameters_[i].value.detach();
  const Moments& mo = moments_[i];
  if (p.is_cpu()) return UpdateRows(p, gradient.contiguous(), mo, rates);
  const at::Tensor g = gradient * rates.factor + p * rates.l2;
  mo.m.mul_(rates.beta1).add_(g, 1 - rates.beta1);
  mo.v.mul_(rates.beta2).addcmul_(g, g, 1 - rates.beta2);
  p.mul_(rates.keep).addcdiv_(mo.m, mo.v.sqrt().div_(rates.root).add_(rates.eps), -rates.rate);
}

}  // namespace plasa::trainer
