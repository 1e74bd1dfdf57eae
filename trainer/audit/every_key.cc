#include "trainer/audit/every_key.h"

#include <string>

#include "trainer/audit/compare.h"
#include "trainer/audit/tiny.h"

namespace plasa::trainer {
namespace {

// Largest difference of the loss, the index loss left out, and of the gradients of parameters that both models own.
double DenseDifference(const Model& sparse, const Model& dense, const Batch& batch, bool composite) {
  const Forward a = sparse.Run(batch, {.train = true, .composite = composite, .force_sparse = true}),
                b = dense.Run(batch, {.train = true, .composite = composite});
  double worst = LargestDifference(a.loss - a.kl * sparse.config().indexer_coef, b.loss);
  const auto from = Gradients(sparse, a.loss), to = Gradients(dense, b.loss);
  for (size_t i = 0; i < from.size(); ++i) {
    for (size_t j = 0; j < to.size(); ++j) {
      if (sparse.parameters()[i].name == dense.parameters()[j].name)
        worst = Worse(worst, LargestDifference(from[i], to[j]));
    }
  }
  return worst;
}

// The sparse model's layers own indexers because its seq_len is one longer than the window, which k covers exactly.
double EveryKeyDifference(Config c, at::ScalarType type) {
  c.schedule = "explicit_k";
  c.schedule_k.assign(static_cast<size_t>(c.n_layers), kTinyLength - 1);
  Config dense = c;
  dense.schedule_k.assign(static_cast<size_t>(c.n_layers), kTinyLength);
  const Batch batch = TinyBatch(TinyTokens(c, 5).narrow(1, 0, kTinyLength - 1).contiguous());
  const Model a(c, type, at::kCPU), b(dense, type, at::kCPU);
  return Worse(DenseDifference(a, b, batch, false), DenseDifference(a, b, batch, true));
}

}  // namespace

std::vector<AuditResult> EveryKeyAudit(const Config& config) {
  Config c = TinyCopy(config);
  c.k_mode = KMode::kFixed;  // with any other, k = L is not every key
  const std::string what = "largest difference of the loss or a gradient from the dense layer, with k = L";
  return {AtMost(7, "sparse code with every key", EveryKeyDifference(c, at::kFloat), 1e-5, what),
          AtMost(7, "sparse code with every key in double", EveryKeyDifference(c, at::kDouble), 1e-10, what)};
}

}  // namespace plasa::trainer
