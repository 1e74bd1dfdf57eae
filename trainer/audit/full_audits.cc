#include "trainer/audit/full_audits.h"

#include <ATen/Parallel.h>
#include <ATen/ops/abs.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>

#include <algorithm>
#include <cmath>

#include "common/base/philox.h"
#include "common/experiment/schedule.h"
#include "trainer/audit/tiny.h"
#include "trainer/metrics.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {
namespace {

constexpr double kCanaryFloor = 5.535;  // ln 256 - 0.01
constexpr double kCanaryLeak = 4.5;
constexpr int64_t kHistoricalVocabulary = 49152;
constexpr int64_t kHistoricalIndexer = 497664;

double Largest(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

// Random tokens of the canary: window `index` of a side, L+1 draws below V.
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
  return {tokens, labels, {}};
}

// Held-out loss on random tokens after 500 steps on fresh ones.
double CanaryLoss(Value::Object keys) {
  for (const auto& [key, value] : Value::Object{{"vocab_size", 256},
                                                {"d_model", 64},
                                                {"n_layers", 3},
                                                {"n_heads", 4},
                                                {"d_ff", 64},
                                                {"steps", 500},
                                                {"attn_dropout", 0},
                                                {"resid_dropout", 0},
                                                {"expert_dropout", 0},
                                                {"router_noise", 0}}) {
    keys[key] = value;
  }
  const Config c = *ResolveConfig(Value(std::move(keys)));
  Model model(c, at::kFloat, at::kCPU);
  Adam adam(model);
  for (int64_t step = 0; step < c.steps; ++step) {
    const Forward f =
        model.Run(CanaryBatch(c, step * c.batch_size, 0), {.step = step, .train = true, .keep_logits = false});
    (void)adam.Step(Gradients(model, f.loss));
  }
  EvaluationSums sums(c, c.seq_len);
  for (int64_t first = 0; first < 256; first += c.batch_size) {
    const Batch batch = CanaryBatch(c, first, 1);
    sums.Add(model.Run(batch, {.keep_logits = false}), batch, std::min(c.batch_size, 256 - first));
  }
  return sums.Loss();
}

AuditResult StrictCanary() {
  const double loss = CanaryLoss({{"schedule", "progressive_sparse"}, {"seq_len", 64}, {"batch_size", 8}});
  return {4, "canary", loss >= kCanaryFloor, loss,
          "held-out loss on random tokens after 500 strict steps, at least ln 256 - 0.01"};
}

AuditResult LeakyCanary() {
  const double loss = CanaryLoss({{"preset", "reference"},
                                  {"schedule", "explicit_ratios"},
                                  {"schedule_ratios", Value::List{1.0, 1.0, 1.0}},
                                  {"seq_len", 32},
                                  {"batch_size", 16},
                                  {"n_experts", 2}});
  return {4, "canary of the historical code", loss < kCanaryLeak, loss,
          "the same with reference_cuda and every ratio 1: the leak must show, below 4.5"};
}

// Parameters that no gradient reached in some steps.
struct Untouched {
  int64_t entries = 0;
  std::string names;
};

Untouched UntouchedBy(const Config& c, int64_t steps) {
  Model model(c, at::kFloat, at::kCPU);
  Adam adam(model);
  std::vector<bool> reached(model.parameters().size());
  for (int64_t step = 0; step < steps; ++step) {
    auto gradients = Gradients(
        model,
        model.Run(CanaryBatch(c, step * c.batch_size, 0), {.step = step, .train = true, .keep_logits = false}).loss);
    for (size_t i = 0; i < reached.size(); ++i)
      reached[i] = reached[i] || gradients[i].count_nonzero().item<int64_t>() > 0;
    (void)adam.Step(std::move(gradients));
  }
  Untouched out;
  for (size_t i = 0; i < reached.size(); ++i) {
    if (reached[i]) continue;
    out.entries += model.parameters()[i].value.numel();
    out.names += " " + model.parameters()[i].name;
  }
  return out;
}

AuditResult StrictCoverage(const Config& tiny) {
  const Untouched none = UntouchedBy(tiny, 20);
  return {6, "gradient coverage", none.entries == 0, static_cast<double>(none.entries),
          "parameters without a gradient in 20 steps:" + (none.names.empty() ? " none" : none.names)};
}

AuditResult HistoricalCoverage() {
  const Config c = *ResolveConfig(Value(Value::Object{{"preset", "reference"},
                                                      {"vocab_size", kHistoricalVocabulary},
                                                      {"schedule", "uniform_sparse"},
                                                      {"seq_len", 32},
                                                      {"batch_size", 1}}));
  const Untouched found = UntouchedBy(c, 2);
  const bool only_indexer = found.entries == kHistoricalIndexer;
  return {6, "gradient coverage of the historical code", only_indexer, static_cast<double>(found.entries),
          "exactly the 497,664 parameters of the indexer get no gradient"};
}

// The layers' indexers stay because seq_len is one longer than the window; k = L - 1 covers it.
AuditResult EveryKey(Config c) {
  c.schedule = "explicit_k";
  c.attn_dropout = c.resid_dropout = c.expert_dropout = c.router_noise = 0;
  c.schedule_k.assign(static_cast<size_t>(c.n_layers), kTinyLength - 1);
  Config dense = c;
  dense.schedule_k.assign(static_cast<size_t>(c.n_layers), kTinyLength);
  const at::Tensor tokens = TinyTokens(c, 5).narrow(1, 0, kTinyLength - 1).contiguous();
  const Model a(c, at::kFloat, at::kCPU), b(dense, at::kFloat, at::kCPU);
  const double worst = Largest(a.Run(TinyBatch(tokens), {}).logits, b.Run(TinyBatch(tokens), {}).logits);
  return {7, "sparse code with every key", worst <= 1e-5, worst, "largest difference of a logit from the dense layer"};
}

AuditResult KernelsAgree(const Config& c) {
  const Model model(c, at::kDouble, at::kCPU);
  const Batch batch = TinyBatch(TinyTokens(c, 6));
  const Forward fused = model.Run(batch, {.step = 1, .train = true}),
                chunks = model.Run(batch, {.step = 1, .train = true, .keep_logits = false}),
                plain = model.Run(batch, {.step = 1, .train = true, .composite = true});
  const auto a = Gradients(model, chunks.loss), b = Gradients(model, plain.loss);
  double worst = Largest(fused.logits, plain.logits) / plain.logits.abs().max().item<double>();
  for (size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, Largest(a[i], b[i]) / std::max(1e-6, b[i].abs().max().item<double>()));
  return {8, "kernels against plain ATen", worst <= 1e-9, worst,
          "largest relative difference of a logit or a gradient in double"};
}

AuditResult Companions(const Config& c) {
  const Model model(c, at::kFloat, at::kCPU);
  const at::Tensor tokens = TinyTokens(c, 7);
  const at::Tensor together = model.Run(TinyBatch(tokens), {}).logits;
  const at::Tensor alone = model.Run(TinyBatch(tokens.narrow(0, 0, 1)), {}).logits;
  const at::Tensor swapped = model.Run(TinyBatch(tokens.flip(0).contiguous()), {}).logits;
  const double worst = std::max(Largest(together.narrow(0, 0, 1), alone), Largest(together.flip(0), swapped));
  return {11, "batch companions", worst <= 1e-5, worst,
          "largest change of a row's logits when it is alone or elsewhere in the batch"};
}

// Losses of three training steps.
std::vector<double> ThreeLosses(const Config& c, int threads) {
  at::set_num_threads(threads);
  Model model(c, at::kFloat, at::kCPU);
  Adam adam(model);
  std::vector<double> losses;
  for (int64_t step = 0; step < 3; ++step) {
    const Forward f = model.Run(TinyBatch(TinyTokens(c, 8)), {.step = step, .train = true});
    losses.push_back(f.loss.item<double>());
    (void)adam.Step(Gradients(model, f.loss));
  }
  return losses;
}

AuditResult Threads(const Config& c) {
  const auto one = ThreeLosses(c, 1), two = ThreeLosses(c, 2);
  at::set_num_threads(static_cast<int>(c.threads));
  double worst = 0;
  for (size_t i = 0; i < one.size(); ++i) worst = std::max(worst, std::fabs(one[i] - two[i]));
  return {12, "thread counts", worst <= 1e-6, worst,
          "largest difference of a loss between one and two threads over three steps"};
}

}  // namespace

std::vector<AuditResult> RunFullAudits(const Config& config) {
  const Config c = TinyCopy(config);
  return {StrictCanary(), LeakyCanary(),   StrictCoverage(c), HistoricalCoverage(),
          EveryKey(c),    KernelsAgree(c), Companions(c),     Threads(c)};
}

}  // namespace plasa::trainer
