#include "trainer/audit/companions.h"

#include <ATen/ops/cat.h>

#include <string>

#include "trainer/audit/compare.h"
#include "trainer/audit/tiny.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kRows = 4;

// Every way the loop evaluates.
void EvaluateAllWays(const Model& model, const Batch& batch) {
  (void)model.Run(batch, {.keep_logits = false});
  (void)model.Run(batch, {.keep_logits = false, .statistics = true});
  (void)model.Run(batch, {.keep_layers = true});
}

// What two batches do with the rows they share.
struct RowChanges {
  double logits = 0;
  int64_t sets = 0;  // differing entries of the selected sets

  // Row `i` of a pass against row `j` of another.
  void Add(const Forward& a, int64_t i, const Forward& b, int64_t j) {
    logits = Worse(logits, LargestDifference(a.logits.select(0, i), b.logits.select(0, j)));
    for (size_t l = 0; l < a.layers.size(); ++l) {
      if (!a.layers[l].set.defined()) continue;
      const at::Tensor x = SelectedKeys(a.layers[l]), y = SelectedKeys(b.layers[l]);
      sets += x.select(0, i).ne(y.select(0, j)).sum().item<int64_t>();
    }
  }
};

RowChanges ChangesOf(const Model& model, const at::Tensor& tokens, const ForwardOptions& options) {
  const auto run = [&](const at::Tensor& rows) { return model.Run(TinyBatch(rows.contiguous()), options); };
  const Forward together = run(tokens), alone = run(tokens.narrow(0, 0, 1)), reversed = run(tokens.flip(0));
  const Forward others = run(at::cat({tokens.narrow(0, 0, 1), tokens.narrow(0, 1, kRows - 1).flip(1)}));
  RowChanges changes;
  changes.Add(together, 0, alone, 0);
  changes.Add(together, 0, others, 0);
  for (int64_t row = 0; row < kRows; ++row) changes.Add(together, row, reversed, kRows - 1 - row);
  return changes;
}

// Over the CPU kernels and plain ATen.
RowChanges ChangesIn(const Config& c, at::ScalarType type) {
  const Model model(c, type, at::kCPU);
  RowChanges worst;
  for (const ForwardOptions& options : {ForwardOptions{.statistics = true}, ForwardOptions{.keep_layers = true}}) {
    const RowChanges changes = ChangesOf(model, TinyTokens(c, 7), options);
    worst.logits = Worse(worst.logits, changes.logits);
    worst.sets += changes.sets;
  }
  return worst;
}

}  // namespace

AuditResult EvaluationAudit(const Config& config) {
  const Config c = TinyCopy(config);
  const Batch batch = TinyBatch(TinyTokens(c, 4));
  TinyTraining with(c), without(c);
  bool same = true;
  for (int64_t step = 0; step < 2; ++step) {
    const std::string before = StateHash(with.model, with.adam);
    EvaluateAllWays(with.model, batch);
    same = same && StateHash(with.model, with.adam) == before;
    (void)with.Step(batch);
    (void)without.Step(batch);
  }
  same = same && StateHash(with.model, with.adam) == StateHash(without.model, without.adam);
  return NoneOf(10, "evaluation keeps state", same ? 0 : 1,
                "hashes of parameters, moments and counters that evaluations change");
}

std::vector<AuditResult> CompanionsAudit(const Config& config) {
  Config c = TinyCopy(config);
  c.batch_size = kRows;
  const RowChanges single = ChangesIn(c, at::kFloat), wide = ChangesIn(c, at::kDouble);
  const std::string what = "largest change of a row's logits when it is alone, elsewhere or beside other rows";
  return {AtMost(11, "batch companions", single.logits, 1e-5, what),
          AtMost(11, "batch companions in double", wide.logits, 1e-12, what),
          NoneOf(11, "batch companions: sets", single.sets + wide.sets, "selected keys that change with them")};
}

}  // namespace plasa::trainer
