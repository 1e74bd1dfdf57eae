#include "trainer/model/linear_cross_entropy.h"

#include <ATen/core/Reduction.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/nll_loss.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

#include "trainer/kernels/bf16_product.h"
#include "trainer/model/head_sweep.h"
#include "trainer/model/records.h"

namespace plasa::trainer {
namespace {

// How the products of a call are computed. A factor that is used by many of them is rounded once.
struct Products {
  [[nodiscard]] at::Tensor Factor(const at::Tensor& x) const { return bf16 ? x.to(at::kBFloat16) : x; }

  [[nodiscard]] at::Tensor Of(const at::Tensor& a, const at::Tensor& b) const {
    if (!bf16) return at::mm(a, b);
    at::Tensor out = at::empty({a.size(0), b.size(1)}, a.options().dtype(at::kFloat));
    Bf16Product(a, b, out);
    return out;
  }

  void Add(const at::Tensor& a, const at::Tensor& b, const at::Tensor& sum) const {
    bf16 ? Bf16Product(a, b, sum, true) : static_cast<void>(sum.addmm_(a, b));
  }

  bool bf16;
};

at::Tensor Nll(const at::Tensor& log_p, const at::Tensor& labels, int64_t reduction) {
  return at::nll_loss(log_p, labels, {}, reduction, kIgnoredLabel);
}

// Calls f(first row, rows) for each chunk in order.
template <class F>
void ForChunks(int64_t rows, int64_t vocabulary, int64_t chunk, F f) {
  const int64_t step = std::max<int64_t>(1, chunk / vocabulary);
  for (int64_t first = 0; first < rows; first += step) f(first, std::min(step, rows - first));
}

// 1/N for the N rows with a label, 0 for the others: [rows].
at::Tensor RowWeights(const at::Tensor& labels, const at::TensorOptions& options) {
  const at::Tensor asked = labels.ne(kIgnoredLabel).to(options);
  return asked / asked.sum();
}

// Some rows, and where their gradients go.
struct Rows {
  at::Tensor x, labels, weights;  // [n,d], [n], [n]
  at::Tensor d_x, d_weight;       // [n,d] to fill, [V,d] to add to
};

// Returns the sum of the rows' losses. `weight`: as a factor. d(nll)/d(logits) = softmax - one-hot takes the place of
// the log-softmax.
at::Tensor AddGradients(const Rows& rows, const at::Tensor& weight, const Products& products) {
  const at::Tensor x = products.Factor(rows.x), log_p = at::log_softmax(products.Of(x, weight.t()), -1);
  const at::Tensor nll = Nll(log_p, rows.labels, at::Reduction::None);
  const at::Tensor label = rows.labels.clamp_min(0).unsqueeze(1), d = log_p.exp_();
  d.scatter_add_(1, label, at::full_like(label, -1, d.options()));
  d.mul_(rows.weights.unsqueeze(1));
  rows.d_x.copy_(products.Of(d, weight));
  products.Add(d.t(), x, rows.d_weight);
  return nll.sum(at::kDouble);
}

at::Tensor Scaled(const at::Tensor& gradient, const at::Tensor& factor) {
  return factor.item<double>() == 1 ? gradient : gradient * factor;  // a pass over [V,d] saved at the root
}

// The gradient of a scalar is known but for one factor, so it is computed while the logits are there.
class MeanNode : public torch::autograd::Function<MeanNode> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& labels, const Products& products, int64_t chunk) {
    if (x.is_cpu()) {
      const HeadGradient head = SweepHead({x.contiguous(), weight.contiguous(), labels, products.bf16, chunk});
      Keep(ctx, head.d_x, head.d_weight);
      return (head.nll.sum() / labels.ne(kIgnoredLabel).sum()).to(x.scalar_type());
    }
    const at::Tensor weights = RowWeights(labels, x.options()), factor = products.Factor(weight);
    const at::Tensor d_x = at::empty_like(x), d_weight = at::zeros_like(weight),
                     sum = at::zeros({}, x.options().dtype(at::kDouble));
    ForChunks(x.size(0), weight.size(0), chunk, [&](int64_t first, int64_t n) {
      const auto some = [=](const at::Tensor& t) { return t.narrow(0, first, n); };
      sum.add_(AddGradients({some(x), some(labels), some(weights), some(d_x), d_weight}, factor, products));
    });
    Keep(ctx, d_x, d_weight);
    return (sum / labels.ne(kIgnoredLabel).sum()).to(x.scalar_type());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 const torch::autograd::variable_list& grads) {
    const at::Tensor d_x = Taken(ctx, "d_x"), d_weight = Taken(ctx, "d_weight");
    return {Scaled(d_x, grads[0]), Scaled(d_weight, grads[0]), {}, {}, {}};
  }

 private:
  static void Keep(torch::autograd::AutogradContext* ctx, const at::Tensor& d_x, const at::Tensor& d_weight) {
    ctx->saved_data["d_x"] = d_x;
    ctx->saved_data["d_weight"] = d_weight;
  }

  // Leaves nothing behind: autograd adds an embedding's rows in place to a tensor that nobody else holds.
  static at::Tensor Taken(torch::autograd::AutogradContext* ctx, const char* name) {
    return std::move(ctx->saved_data[name]).toTensor();
  }
};

LinearCrossEntropyResult PerRow(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& labels,
                                const Products& products, int64_t chunk) {
  if (x.is_cpu()) {
    const HeadRows head = JudgeHead({x.contiguous(), weight.contiguous(), labels, products.bf16, chunk});
    return {head.nll.sum() / labels.ne(kIgnoredLabel).sum(), head.nll, head.correct};
  }
  std::vector<at::Tensor> nll, correct;
  ForChunks(x.size(0), weight.size(0), chunk, [&](int64_t first, int64_t n) {
    const at::Tensor logits = products.Of(x.narrow(0, first, n), weight.t()), asked = labels.narrow(0, first, n);
    nll.push_back(Nll(at::log_softmax(logits, -1), asked, at::Reduction::None));
    correct.push_back(logits.argmax(-1).eq(asked));
  });
  const at::Tensor all = at::cat(nll);
  return {all.sum() / labels.ne(kIgnoredLabel).sum(), all, at::cat(correct)};
}

}  // namespace

LinearCrossEntropyResult LinearCrossEntropy(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& labels,
                                            Precision precision, int64_t chunk) {
  if (chunk == 0) chunk = ChunkLogits(x.size(0), weight.size(0));
  const Products products{precision == Precision::kBf16 && IsBf16Size(x.size(0), weight.size(0), weight.size(1))};
  if (c10::GradMode::is_enabled()) return {MeanNode::apply(x, weight, labels, products, chunk), {}, {}};
  return PerRow(x, weight, labels, products, chunk);
}

}  // namespace plasa::trainer
