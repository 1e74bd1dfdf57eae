#include "trainer/audit/canary.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <utility>

#include "common/base/philox.h"
#include "common/experiment/schedule.h"
#include "trainer/audit/tiny.h"
#include "trainer/metrics.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {
namespace {

constexpr double kFloor = 5.535;  // ln 256 - 0.01
constexpr double kLeak = 4.5;
constexpr int64_t kHeldOut = 256;  // windows

// The model of spec 13.2, audit 4, with these keys beside.
Config CanaryConfig(Value::Object keys) {
  Value::Object all{{"vocab_size", 256},   {"d_model", 64},    {"n_layers", 3},     {"n_heads", 4},
                    {"d_ff", 64},          {"steps", 500},     {"attn_dropout", 0}, {"resid_dropout", 0},
                    {"expert_dropout", 0}, {"router_noise", 0}};
  all.merge(std::move(keys));
  return *ResolveConfig(Value(std::move(all)));
}

// The same with what decides causality in `run`. Its optimiser is the standard one: one that learns nothing would hide
// a leak.
Config CanaryCopy(const Config& run) {
  const Config standard;
  Config c = TinyCopy(run);
  c.vocab_size = 256;
  c.d_model = 64;
  c.d_ff = c.moe_d_ff = 64;
  c.seq_len = 64;
  c.batch_size = 8;
  c.steps = 500;
  c.init_std = standard.init_std;
  c.attn_dropout = c.resid_dropout = c.expert_dropout = c.router_noise = 0;
  c.optimizer = standard.optimizer;
  c.lr = standard.lr;
  c.indexer_lr = standard.indexer_lr;
  c.beta1 = standard.beta1;
  c.beta2 = standard.beta2;
  c.eps = standard.eps;
  c.weight_decay = standard.weight_decay;
  c.clip = standard.clip;
  c.lr_schedule = standard.lr_schedule;
  c.warmup_steps = standard.warmup_steps;
  c.lr_min_ratio = standard.lr_min_ratio;
  return c;
}

double HeldOutLoss(const Model& model) {
  const Config& c = model.config();
  EvaluationSums sums(c, c.seq_len);
  for (int64_t first = 0; first < kHeldOut; first += c.batch_size) {
    const Batch batch = CanaryBatch(c, first, 1);
    sums.Add(model.Run(batch, {.keep_logits = false}), batch, std::min(c.batch_size, kHeldOut - first));
  }
  return sums.Loss();
}

double LossAfterTraining(const Config& c) {
  Model model(c, at::kFloat, at::kCPU);
  Adam adam(model);
  for (int64_t step = 0; step < c.steps; ++step) {
    const Forward f =
        model.Run(CanaryBatch(c, step * c.batch_size, 0), {.step = step, .train = true, .keep_logits = false});
    (void)adam.Step(Gradients(model, f.loss));
  }
  return HeldOutLoss(model);
}

AuditResult StrictCanary() {
  double least = kFloor * 2;
  for (const std::string& schedule : ScheduleNames()) {
    const double loss = LossAfterTraining(CanaryConfig({{"schedule", schedule}, {"seq_len", 64}, {"batch_size", 8}}));
    least = loss < least || std::isnan(loss) ? loss : least;
  }
  return {4, "canary", least >= kFloor, least,
          "least held-out loss of the six schedules on random tokens after 500 strict steps, at least ln 256 - 0.01"};
}

AuditResult LeakyCanary() {
  const double loss = LossAfterTraining(CanaryConfig({{"preset", "reference"},
                                                      {"schedule", "explicit_ratios"},
                                                      {"schedule_ratios", Value::List{1.0, 1.0, 1.0}},
                                                      {"seq_len", 32},
                                                      {"batch_size", 16},
                                                      {"n_experts", 2}}));
  return {4, "canary of the historical code", loss < kLeak, loss,
          "the same with reference_cuda and every ratio 1: the leak must show, below 4.5"};
}

}  // namespace

Batch CanaryBatch(const Config& c, int64_t first, uint32_t side) {
  const at::Tensor tokens = at::empty({c.batch_size, c.seq_len}, at::kLong),
                   labels = at::empty({c.batch_size, c.seq_len}, at::kLong);
  for (int64_t row = 0; row < c.batch_size; ++row) {
    Draws draws({static_cast<uint64_t>(c.seed), Purpose::kCanary, static_cast<uint32_t>(first + row), side});
    for (int64_t t = 0; t <= c.seq_len; ++t) {
      const auto token = static_cast<int64_t>(draws.NextBelow(static_cast<uint64_t>(c.vocab_size)));
      if (t < c.seq_len) tokens.data_ptr<int64_t>()[row * c.seq_len + t] = token;
      if (t > 0) labels.data_ptr<int64_t>()[row * c.seq_len + t - 1] = token;
    }
  }
  return {tokens, labels, at::zeros_like(tokens)};
}

AuditResult CanaryAuditOf(const Config& config) {
  const double loss = LossAfterTraining(CanaryCopy(config));
  return {4, "canary", loss >= kFloor, loss,
          "held-out loss of a small copy of the run on random tokens after 500 steps, at least ln 256 - 0.01"};
}

std::vector<AuditResult> CanaryAudit() { return {StrictCanary(), LeakyCanary()}; }

}  // namespace plasa::trainer
