#include "trainer/attention/fused_attention.h"

#include <ATen/Dispatch.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include "trainer/attention/index_tiles.h"
#include "trainer/attention/layer_sweep.h"

namespace plasa::trainer {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// What the way back needs of the dropout.
void Keep(const AttentionDropout& dropout, AutogradContext* ctx) {
  ctx->saved_data["dropout"] = dropout.p;
  ctx->saved_data["seed"] = static_cast<int64_t>(dropout.stream.seed);
  ctx->saved_data["step"] = static_cast<int64_t>(dropout.stream.step);
  ctx->saved_data["layer"] = static_cast<int64_t>(dropout.stream.layer);
}

AttentionDropout KeptDropout(AutogradContext* ctx) {
  auto& kept = ctx->saved_data;
  return {kept["dropout"].toDouble(),
          {static_cast<uint64_t>(kept["seed"].toInt()), Purpose::kDropAttention,
           static_cast<uint32_t>(kept["step"].toInt()), static_cast<uint32_t>(kept["layer"].toInt())}};
}

// Autograd node of a layer.
class LayerNode : public torch::autograd::Function<LayerNode> {
 public:
  using Maybe = c10::optional<at::Tensor>;  // an input that is not there counts as no variable

  static variable_list forward(AutogradContext* ctx, const at::Tensor& qkv_in, const Maybe&, const Maybe&, const Maybe&,
                               const FusedAttentionOptions& options, const Maybe& chosen) {
    const at::Tensor set = chosen.value_or(at::Tensor());
    const at::Tensor qkv = qkv_in.contiguous();
    const QkvLayout layout(qkv, options.heads, options.kv_heads);
    SplitQkv split;
    AT_DISPATCH_FLOATING_TYPES(qkv.scalar_type(), "FusedAttention",
                               [&] { split = Split<scalar_t>(layout, qkv, options.rotary); });
    const SweepResult sweep = SweepLayer(layout, split, options, set);
    const IndexRows d = options.learns ? JoinIndexHeads(sweep.d_index, options.index_rotary) : IndexRows();
    ctx->save_for_backward({split.q, split.k, split.v, sweep.lse, set, options.rotary.cos, options.rotary.sin, d.q, d.k,
                            d.w, sweep.output, sweep.kept});
    Keep(options.dropout, ctx);
    ctx->saved_data["k"] = options.k;
    ctx->saved_data["block"] = options.block;
    if (!options.learns) return {sweep.output};
    return {sweep.output, at::full({}, sweep.loss, sweep.output.options())};
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const SplitQkv in{saved[0], saved[1], saved[2]};
    const AttentionDropout dropout = KeptDropout(ctx);
    const at::Tensor d_qkv =
        BackwardAttention(in, saved[10], saved[3], SetRows(saved[4]), saved[11], ctx->saved_data["k"].toInt(),
                          ctx->saved_data["block"].toInt(), {saved[5], saved[6]}, dropout, grads[0].contiguous());
    if (grads.size() == 1) return {d_qkv, {}, {}, {}, {}, {}};
    return {d_qkv, saved[7] * grads[1], saved[8] * grads[1], saved[9] * grads[1], {}, {}};
  }

 private:
  static at::Tensor BackwardAttention(const SplitQkv& in, const at::Tensor& output, const at::Tensor& lse,
                                      const SetRows& sets, const at::Tensor& kept, int64_t k, int64_t block,
                                      const RotaryTable& rotary, const AttentionDropout& dropout,
                                      const at::Tensor& d_out) {
    const int64_t heads = in.q.size(1), groups = in.k.size(1), row = (heads + 2 * groups) * in.q.size(3);
    const at::Tensor d_qkv = at::empty({in.q.size(0), in.q.size(2), row}, in.q.options());
    const QkvLayout layout(d_qkv, heads, groups);
    const SplitQkv d{at::empty_like(in.q), at::zeros_like(in.k), at::zeros_like(in.v)};
    AT_DISPATCH_FLOATING_TYPES(in.q.scalar_type(), "FusedAttentionBackward", [&] {
      AttentionTiles<scalar_t>(layout, in, sets, kept, k, block, dropout)
          .Backward(output.data_ptr<scalar_t>(), lse.data_ptr<scalar_t>(), d_out.data_ptr<scalar_t>(), d);
      Join<scalar_t>(layout, d, rotary, d_qkv);
    });
    return d_qkv;
  }
};

}  // namespace

FusedAttentionResult FusedAttention(const at::Tensor& qkv, const IndexRows& rows,
                                    const FusedAttentionOptions& options) {
  FusedAttentionResult out;
  if (options.k > 0) out.set = EmptySets(qkv.size(0), qkv.size(1));
  const auto maybe = [](const at::Tensor& x) { return x.defined() ? LayerNode::Maybe(x) : c10::nullopt; };
  const auto results = LayerNode::apply(qkv, maybe(rows.q), maybe(rows.k), maybe(rows.w), options, maybe(out.set));
  out.output = results[0];
  if (options.learns) out.kl = results[1];
  return out;
}

}  // namespace plasa::trainer
