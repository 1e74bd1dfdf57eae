#include "trainer/audit/kernels.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/logsumexp.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "common/base/philox.h"
#include "common/experiment/schedule.h"
#include "trainer/attention/index_loss.h"
#include "trainer/attention/index_tiles.h"
#include "trainer/attention/selection.h"
#include "trainer/attention/set_rows.h"
#include "trainer/attention/tiles.h"
#include "trainer/audit/canary.h"
#include "trainer/audit/compare.h"
#include "trainer/audit/plain_adam.h"
#include "trainer/audit/tiny.h"
#include "trainer/kernels/key_bits.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {
namespace {

constexpr int kShapes = 8;

// A tiny copy with another shape and schedule.
Config RandomShape(const Config& config, uint32_t index) {
  Config c = TinyCopy(config);
  Draws draws({static_cast<uint64_t>(c.seed), Purpose::kAudit, 8, index});
  const auto between = [&](int64_t low, int64_t high) {
    return low + static_cast<int64_t>(draws.NextBelow(static_cast<uint64_t>(high - low + 1)));
  };
  c.seq_len = between(17, 80);
  c.n_kv_heads = between(1, 2);
  c.n_heads = c.n_kv_heads * between(1, 3);
  c.d_model = c.n_heads * 2 * between(1, 8);
  c.d_ff = between(3, 40);
  c.moe_d_ff = between(3, 40);
  c.n_experts = between(2, 5);
  c.experts_per_token = between(1, 2);
  c.indexer_heads = between(1, 3);
  c.indexer_dim = 4 * between(1, 3);
  c.indexer_rope_dim = c.ref_indexer_plain ? 0 : 2 * between(0, c.indexer_dim / 2);
  c.schedule = ScheduleNames()[draws.NextBelow(ScheduleNames().size())];
  return c;
}

// Cross-entropy of a pass from its logits.
at::Tensor PlainCrossEntropy(const Config& c, const at::Tensor& logits, const at::Tensor& labels) {
  const int64_t shift = c.target_rule == TargetRule::kShifted ? 1 : 0, targets = labels.size(1) - shift;
  const at::Tensor x = logits.narrow(1, 0, targets), asked = labels.narrow(1, shift, targets);
  return (at::logsumexp(x, -1) - x.gather(-1, asked.unsqueeze(-1)).squeeze(-1)).mean();
}

double KernelDifference(const Model& model, const Batch& batch) {
  const Forward fused = model.Run(batch, {.step = 1, .train = true}),
                chunks = model.Run(batch, {.step = 1, .train = true, .keep_logits = false}),
                plain = model.Run(batch, {.step = 1, .train = true, .composite = true});
  const auto a = Gradients(model, chunks.loss), b = Gradients(model, plain.loss);
  double worst = Worse(RelativeDifference(fused.logits, plain.logits), RelativeDifference(chunks.loss, plain.loss));
  for (size_t i = 0; i < a.size(); ++i) worst = Worse(worst, RelativeDifference(a[i], b[i]));
  return Worse(worst, RelativeDifference(fused.ce, PlainCrossEntropy(model.config(), fused.logits, batch.labels)));
}

double AdamDifference(const Model& model, const Batch& batch) {
  PlainAdam plain(model);
  Adam adam(model);
  for (int64_t step = 0; step < 3; ++step) {
    const auto gradients = Gradients(model, model.Run(batch, {.step = step, .train = true}).loss);
    std::vector<at::Tensor> consumed;
    for (const at::Tensor& g : gradients) consumed.push_back(g.clone());
    plain.Step(gradients, step);
    (void)adam.Step(std::move(consumed));
  }
  return plain.DifferenceFrom(adam);
}

AuditResult KernelsAgree(const Config& config) {
  double worst = 0;
  for (uint32_t i = 0; i < kShapes; ++i) {
    const Config c = RandomShape(config, i);
    const Model model(c, at::kDouble, at::kCPU);
    const Batch batch = CanaryBatch(c, 0, 0);
    worst = Worse(worst, Worse(KernelDifference(model, batch), AdamDifference(model, batch)));
  }
  return AtMost(8, "kernels against plain formulas", worst, 1e-9,
                "largest relative difference of a logit, loss, gradient or update in double on random shapes");
}

at::Tensor RandomNormal(Draws& draws, at::IntArrayRef shape) {
  const at::Tensor out = at::empty(shape, at::kDouble);
  for (int64_t i = 0; i < out.numel(); ++i) out.data_ptr<double>()[i] = Normal(draws.Next());
  return out.set_requires_grad(true);
}

double LargestGradient(const at::Tensor& loss, const std::vector<at::Tensor>& leaves) {
  double worst = 0;
  for (const at::Tensor& g : torch::autograd::grad({loss}, leaves)) worst = Worse(worst, g.abs().max().item<double>());
  return worst;
}

// A set of keys as bits.
at::Tensor PackedSets(const at::Tensor& set) {
  const int64_t batch = set.size(0), length = set.size(1);
  const at::Tensor bits = EmptySets(batch, length), bytes = set.to(at::kByte).contiguous();
  const SetRows rows(bits);
  for (int64_t b = 0; b < batch; ++b) {
    for (int64_t t = 0; t < length; ++t)
      PackKeys(bytes.data_ptr<uint8_t>() + (b * length + t) * length, t + 1, rows.Row(b, t));
  }
  return bits;
}

// Largest gradient by a score that the kernels compute of the index loss.
double KernelGradient(const IndexHeads& heads, const at::Tensor& set, const at::Tensor& teacher) {
  const int64_t batch = set.size(0), length = set.size(1);
  const at::Tensor bits = PackedSets(set);
  const IndexTiles<double> index(heads);
  std::vector<double> dots(ScoreStripOf(length)), scores(dots), wanted(dots), gradient(dots);
  double worst = 0;
  for (int64_t b = 0; b < batch; ++b) {
    for (int64_t t0 = 0; t0 < length; t0 += kTileRows) {
      const Tile tile(b, t0, length);
      for (int64_t r = 0; r < tile.rows; ++r) {
        const double* row = teacher.data_ptr<double>() + (b * length + t0 + r) * length;
        std::fill_n(std::copy_n(row, tile.keys, wanted.data() + r * tile.room), tile.room - tile.keys, 0.0);
      }
      index.Scores(tile, dots.data(), scores.data());
      (void)index.Loss(tile, scores.data(), wanted.data(), SetRows(bits), {0, batch * length}, gradient.data());
      for (int64_t i = 0; i < tile.rows * tile.room; ++i) worst = Worse(worst, std::abs(gradient[i]));
    }
  }
  return worst;
}

// Gradients of both forms of the loss when the teacher is the softmax of the scores over the selected keys.
double GradientAtTeacher(const Config& c, uint32_t index) {
  const int64_t length = c.seq_len, k = 1 + length / 3;
  Draws draws({static_cast<uint64_t>(c.seed), Purpose::kAudit, 9, index});
  const IndexRows rows{RandomNormal(draws, {2, length, c.indexer_heads * c.indexer_dim}),
                       RandomNormal(draws, {2, length, c.indexer_dim}),
                       RandomNormal(draws, {2, length, c.indexer_heads})};
  const IndexHeads heads = FusedIndexHeads(rows, HalvesTable(length, c.indexer_rope_dim, c.rope_base, at::kDouble));
  const at::Tensor scores = IndexScores(heads).set_requires_grad(true);
  const at::Tensor set = SelectBest(scores, AllowedKeys(2, length, {}, at::kCPU), at::full({2, length}, k, at::kLong));
  const at::Tensor teacher =
      scores.detach().masked_fill(set.logical_not(), -std::numeric_limits<double>::infinity()).softmax(-1).contiguous();
  return Worse(KernelGradient(heads, set, teacher), LargestGradient(IndexKl(scores, set, teacher, {}), {scores}));
}

AuditResult IndexLossAtItsLeast(const Config& config) {
  double worst = 0;
  for (uint32_t i = 0; i < kShapes; ++i) worst = Worse(worst, GradientAtTeacher(RandomShape(config, i), i));
  return {8, "index loss at its least", worst < 1e-12, worst,
          "largest gradient of the index loss in double when the indexer agrees with its teacher"};
}

}  // namespace

std::vector<AuditResult> KernelsAudit(const Config& config) {
  return {KernelsAgree(config), IndexLossAtItsLeast(config)};
}

}  // namespace plasa::trainer
