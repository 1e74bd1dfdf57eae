#include "trainer/attention/projections.h"

#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>

#include <cmath>

#include "trainer/kernels/linear.h"

namespace plasa::trainer {

Heads ProjectHeads(const PassContext& pass, const AttentionWeights& weights, const at::Tensor& x) {
  const Config& c = *pass.config;
  const int64_t hd = c.head_dim();
  const at::Tensor qkv = Linear(x, weights.qkv, c.precision);
  const auto heads = [&](int64_t from, int64_t n) {
    return qkv.narrow(-1, from * hd, n * hd).reshape({pass.batch, pass.length, n, hd}).transpose(1, 2);
  };
  return {RotateInterleaved(heads(0, c.n_heads), pass.rotary),
          RotateInterleaved(heads(c.n_heads, c.n_kv_heads), pass.rotary),
          heads(c.n_heads + c.n_kv_heads, c.n_kv_heads)};
}

IndexRows ProjectIndex(const PassContext& pass, const AttentionWeights& weights, const at::Tensor& x) {
  const Config& c = *pass.config;
  const at::Tensor g = x.detach();
  at::Tensor k = at::linear(g, weights.index_k);
  if (weights.index_norm.defined()) {
    k = at::layer_norm(k, {c.indexer_dim}, weights.index_norm, weights.index_bias, 1e-6);
  }
  at::Tensor w = at::linear(g, weights.index_w);
  if (c.indexer_scale) w = w * (1.0 / std::sqrt(static_cast<double>(c.indexer_heads * c.indexer_dim)));
  return {at::linear(g, weights.index_q), k, w};
}

IndexHeads RotateIndex(const PassContext& pass, const IndexRows& rows) {
  const Config& c = *pass.config;
  const at::Tensor q = rows.q.reshape({pass.batch, pass.length, c.indexer_heads, c.indexer_dim}).transpose(1, 2);
  return {RotateHalves(q, pass.index_rotary), RotateHalves(rows.k, pass.index_rotary), rows.w};
}

at::Tensor IndexScores(const IndexHeads& heads) {
  const at::Tensor dots = at::matmul(heads.q, heads.k.unsqueeze(1).transpose(-1, -2)).relu();
  return (dots * heads.w.transpose(1, 2).unsqueeze(-1)).sum(1);
}

}  // namespace plasa::trainer
