#include "trainer/audit/data_audits.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "common/base/philox.h"
#include "common/base/sha256.h"
#include "trainer/attention/random_tensors.h"
#include "trainer/audit/compare.h"
#include "trainer/audit/tiny.h"
#include "trainer/batches.h"
#include "trainer/data/file_dataset.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kThreadSteps = 3;
constexpr int64_t kPairedSteps = 48;  // about three epochs
constexpr int64_t kDocuments = 24, kDocumentTokens = 2 * kTinyLength;

std::unique_ptr<Dataset> TinyData(const Config& c) {
  Draws draws({static_cast<uint64_t>(c.seed), Purpose::kAudit, 10, 0});
  std::vector<uint16_t> ids;
  std::vector<uint64_t> offsets;
  for (int64_t i = 0; i <= kDocuments; ++i) offsets.push_back(static_cast<uint64_t>(i * kDocumentTokens));
  while (ids.size() < offsets.back()) ids.push_back(static_cast<uint16_t>(draws.NextBelow(kTinyVocabulary)));
  auto data = MakeFileDataset(Tokens(std::move(ids), std::move(offsets)), {}, WindowOptionsOf(c));
  return std::move(*data);
}

std::string BatchHash(Dataset& data, const Config& c, int64_t step) {
  const Batch batch = TrainBatch(data, c, step, at::kCPU);
  return TensorHash(batch.tokens) + TensorHash(batch.labels) + TensorHash(batch.docs);
}

// The dropout masks of a step: attention and residuals of each layer.
std::string MaskHashes(const Config& c, int64_t step) {
  std::string hashes;
  for (int64_t layer = 0; layer < c.n_layers; ++layer) {
    const auto add = [&](Purpose purpose, double p, at::IntArrayRef shape) {
      const Stream stream{static_cast<uint64_t>(c.seed), purpose, static_cast<uint32_t>(step),
                          static_cast<uint32_t>(layer)};
      hashes += TensorHash(KeepFactors(stream, shape, p, at::kFloat));
    };
    add(Purpose::kDropAttention, c.attn_dropout, {c.batch_size, c.n_heads, c.seq_len, c.seq_len});
    add(Purpose::kDropResidualAttention, c.resid_dropout, {c.batch_size, c.seq_len, c.d_model});
    add(Purpose::kDropResidualFeedForward, c.resid_dropout, {c.batch_size, c.seq_len, c.d_model});
    add(Purpose::kDropExpert, c.expert_dropout, {c.batch_size, c.seq_len, c.n_experts, c.d_ff});
  }
  return hashes;
}

// What three steps did under a number of threads.
struct Trace {
  std::vector<double> losses;
  std::vector<std::string> order, masks, sets;  // hashes of each step
};

Trace TraceOf(const Config& c, int threads) {
  at::set_num_threads(threads);
  const auto data = TinyData(c);
  TinyTraining run(c);
  Trace trace;
  for (int64_t step = 0; step < kThreadSteps; ++step) {
    trace.order.push_back(BatchHash(*data, c, step));
    trace.masks.push_back(MaskHashes(c, step));
    const Forward f = run.Step(TrainBatch(*data, c, step, at::kCPU), {.statistics = true});
    trace.losses.push_back(f.loss.item<double>());
    std::string sets;
    for (const LayerRecord& layer : f.layers) {
      if (layer.set.defined()) sets += TensorHash(SelectedKeys(layer));
    }
    trace.sets.push_back(Sha256Hex(sets));
  }
  return trace;
}

int64_t Differing(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  int64_t count = 0;
  for (size_t i = 0; i < a.size(); ++i) count += a[i] != b[i] ? 1 : 0;
  return count;
}

// Entries of the parameters of `a` that differ from those of the same name in `b`.
int64_t DifferingCommon(const Model& a, const Model& b) {
  int64_t count = 0;
  for (const Parameter& p : a.parameters()) {
    if (const at::Tensor* other = b.Find(p.name)) count += DifferingEntries(p.value, *other);
  }
  return count;
}

// A dense and a sparse configuration of one seed.
struct Pair {
  explicit Pair(const Config& c) : dense(c), sparse(c) {
    dense.schedule = "dense_baseline";
    sparse.schedule = "progressive_sparse";
  }
  [[nodiscard]] int64_t DifferingBatches(Dataset& a, Dataset& b, int64_t steps) const {
    int64_t count = 0;
    for (int64_t step = 0; step < steps; ++step) count += BatchHash(a, dense, step) != BatchHash(b, sparse, step);
    return count;
  }
  Config dense, sparse;
};

}  // namespace

AuditResult SplitResult(const SplitAudit& split) {
  char message[160];
  std::snprintf(message, sizeof message,
                "%llu targets are shared by training and validation; %.2f %% of held-out 32-grams occur in training",
                static_cast<unsigned long long>(split.shared_targets), 100.0 * split.overlap);
  return NoneOf(5, "split", static_cast<int64_t>(split.shared_targets), message);
}

std::vector<AuditResult> ThreadsAudit(const Config& config) {
  const Config c = TinyCopy(config);
  const Trace one = TraceOf(c, 1), two = TraceOf(c, 2);
  at::set_num_threads(static_cast<int>(c.threads));
  double worst = 0;
  for (size_t i = 0; i < one.losses.size(); ++i) worst = Worse(worst, std::fabs(one.losses[i] - two.losses[i]));
  const int64_t differing =
      Differing(one.order, two.order) + Differing(one.masks, two.masks) + Differing(one.sets, two.sets);
  return {AtMost(12, "thread counts", worst, 1e-6,
                 "largest difference of a loss between one and two threads over three steps"),
          NoneOf(12, "thread counts: order, masks, sets", differing,
                 "batches, dropout masks and selected sets that differ between one and two threads")};
}

std::vector<AuditResult> PairedSeedsAudit(const Config& config) {
  const Pair pair(TinyCopy(config));
  const Model dense(pair.dense, at::kFloat, at::kCPU), sparse(pair.sparse, at::kFloat, at::kCPU);
  const auto a = TinyData(pair.dense), b = TinyData(pair.sparse);
  return {NoneOf(13, "paired seeds: weights", DifferingCommon(dense, sparse),
                 "common parameters at step 0 of two schedules with the same seed that differ in a bit"),
          NoneOf(13, "paired seeds: batches", pair.DifferingBatches(*a, *b, kPairedSteps),
                 "steps whose batches differ between two schedules with the same seed")};
}

AuditResult PairedBatchesAudit(const RunSpec& spec) {
  const char* name = "paired seeds: batches of the run";
  const Pair pair(spec.config);
  const auto tokenizer = TokenizerOf(spec.config);
  if (!tokenizer) return {13, name, false, 1, tokenizer.error().Text()};
  auto a = OpenDataset(spec.data, WindowOptionsOf(pair.dense), *tokenizer),
       b = OpenDataset(spec.data, WindowOptionsOf(pair.sparse), *tokenizer);
  if (!a || !b) return {13, name, false, 1, (a ? b : a).error().Text()};
  return NoneOf(13, name, pair.DifferingBatches(**a, **b, spec.config.steps),
                "steps of the run whose batches differ between two schedules with the same seed");
}

}  // namespace plasa::trainer
