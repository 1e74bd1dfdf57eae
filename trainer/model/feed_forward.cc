#include "trainer/model/feed_forward.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/bincount.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/zeros_like.h>

#include "trainer/attention/random_tensors.h"
#include "trainer/kernels/gemm.h"
#include "trainer/kernels/linear.h"
#include "trainer/model/fused_experts.h"

namespace plasa::trainer {
namespace {

at::Tensor Swiglu(const BlockWeights& w, const at::Tensor& x, Precision p) {
  return Linear(at::silu(Linear(x, w.gate, p)) * Linear(x, w.up, p), w.down, p);
}

// One pass of one mixture.
class Mixture {
 public:
  Mixture(const FeedForwardPass& pass, const FeedForwardWeights& weights) : c_(pass.config), w_(weights), pass_(pass) {}

  // x [T,d]
  FeedForwardResult Apply(const at::Tensor& x) const {
    at::Tensor logits = at::linear(x, w_.router);
    if (pass_.train && c_.router_noise > 0) {
      logits = logits + NormalNoise(StreamOf(Purpose::kNoise), logits.sizes(), c_.router_noise, logits.options());
    }
    const at::Tensor top = Choose(logits);
    const at::Tensor weights = logits.gather(1, top).softmax(-1);
    FeedForwardResult result;
    const bool fused = pass_.fused && c_.arch == Arch::kExp3 && RowProductsHere().by != RowProducts::By::kNothing;
    result.output = fused ? Fused(x, top, weights) : Composite(x, top, weights);
    result.load = at::bincount(top.flatten(), {}, c_.n_experts);
    result.aux = AuxLoss(logits, result.load, top.numel());
    result.experts = top;
    return result;
  }

 private:
  Stream StreamOf(Purpose purpose) const {
    return {static_cast<uint64_t>(c_.seed), purpose, static_cast<uint32_t>(pass_.step),
            static_cast<uint32_t>(pass_.layer)};
  }

  // Best first, ties to the lowest index.
  at::Tensor Choose(const at::Tensor& logits) const {
    const at::Tensor order = std::get<1>(logits.detach().sort(/*stable=*/true, -1, /*descending=*/true));
    return order.narrow(-1, 0, c_.experts_per_token).contiguous();
  }

  at::Tensor Fused(const at::Tensor& x, const at::Tensor& top, const at::Tensor& weights) const {
    std::vector<at::Tensor> w1, w2;
    for (const BlockWeights& block : w_.blocks) {
      w1.push_back(block.linear1);
      w2.push_back(block.linear2);
    }
    return FusedExperts(x, top, weights, w1, w2,
                        {pass_.train ? c_.expert_dropout : 0, StreamOf(Purpose::kDropExpert), c_.precision});
  }

  at::Tensor Composite(const at::Tensor& x, const at::Tensor& top, const at::Tensor& weights) const {
    at::Tensor out = at::zeros_like(x);
    for (int64_t e = 0; e < c_.n_experts; ++e) AddExpert(x, top, weights, e, out);
    return out;
  }

  at::Tensor Expert(const at::Tensor& x, const at::Tensor& tokens, int64_t e) const {
    if (c_.arch != Arch::kExp3) return Swiglu(w_.blocks[e], x, c_.precision);
    at::Tensor hidden = at::silu(Linear(x, w_.blocks[e].linear1, c_.precision));
    if (pass_.train && c_.expert_dropout > 0) {
      hidden = hidden * KeepFactorRows(StreamOf(Purpose::kDropExpert), tokens * c_.n_experts + e, c_.d_ff,
                                       c_.expert_dropout, hidden.options());
    }
    return Linear(hidden, w_.blocks[e].linear2, c_.precision);
  }

  // Outputs of these tokens. Where LibTorch's BLAS sums a row differently in another place, every token goes through
  // the expert in its own.
  at::Tensor ExpertOf(const at::Tensor& x, const at::Tensor& tokens, int64_t e) const {
    if (!x.is_cpu() || RowProductsHere().by == RowProducts::By::kBlas)
      return Expert(x.index_select(0, tokens), tokens, e);
    return Expert(x, at::arange(x.size(0), tokens.options()), e).index_select(0, tokens);
  }

  void AddExpert(const at::Tensor& x, const at::Tensor& top, const at::Tensor& weights, int64_t e,
                 at::Tensor& out) const {
    const at::Tensor slots = top.eq(e).flatten().nonzero().squeeze(-1);
    if (slots.numel() == 0) return;
    const at::Tensor tokens = slots.floor_divide(c_.experts_per_token);
    const at::Tensor y = ExpertOf(x, tokens, e);
    out = out.index_add(0, tokens, y * weights.flatten().index_select(0, slots).unsqueeze(-1));
  }

  at::Tensor AuxLoss(const at::Tensor& logits, const at::Tensor& load, int64_t assignments) const {
    const at::Tensor share = load.to(logits.scalar_type()) / static_cast<double>(assignments);
    return (share * logits.softmax(-1).mean(0)).sum() * static_cast<double>(c_.n_experts);
  }

  const Config& c_;
  const FeedForwardWeights& w_;
  const FeedForwardPass& pass_;
};

}  // namespace

FeedForwardResult ApplyFeedForward(const FeedForwardPass& pass, const FeedForwardWeights& weights,
                                   const at::Tensor& x) {
  if (!weights.router.defined()) return {Swiglu(weights.blocks.front(), x, pass.config.precision), {}, {}, {}};
  FeedForwardResult result = Mixture(pass, weights).Apply(x.flatten(0, 1));
  result.output = result.output.view(x.sizes());
  return result;
}

}  // namespace plasa::trainer
