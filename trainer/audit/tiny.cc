#include "trainer/audit/tiny.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>

#include "common/base/philox.h"
#include "common/experiment/schedule.h"

namespace plasa::trainer {

Config TinyCopy(Config c) {
  c.vocab_size = kTinyVocabulary;
  const bool shared = c.n_kv_heads < c.n_heads, one = shared && c.n_kv_heads == 1;
  c.n_heads = one ? 2 : 4;
  c.n_kv_heads = one ? 1 : shared ? 2 : 4;
  c.d_model = 8 * c.n_heads;
  c.d_ff = c.moe_d_ff = 16;
  c.indexer_heads = 2;
  c.indexer_dim = 8;
  c.indexer_rope_dim = c.ref_indexer_plain ? 0 : 4;
  c.seq_len = kTinyLength;
  c.batch_size = 2;
  c.equal_tokens = false;
  c.init_std = 0.2;
  if (c.select_block > 0) c.select_block = kTinyBlock;
  c.dense_warmup_steps = 0;
  c.precision = Precision::kF32;
  if (!IsNamedSchedule(c.schedule)) c.schedule = "aggressive_middle";
  c.n_layers = 3;
  return c;
}

at::Tensor TinyTokens(const Config& c, uint32_t stream) {
  const at::Tensor out = at::empty({c.batch_size, kTinyLength}, at::kLong);
  Draws draws({static_cast<uint64_t>(c.seed), Purpose::kAudit, stream, 0});
  for (int64_t i = 0; i < out.numel(); ++i)
    out.data_ptr<int64_t>()[i] = static_cast<int64_t>(draws.NextBelow(kTinyVocabulary));
  return out;
}

Batch TinyBatch(const at::Tensor& tokens) { return {tokens, tokens, at::ones(tokens.sizes(), at::kLong)}; }

Model TinyModel(Config c, const std::string& schedule) {
  c.schedule = schedule;
  return Model(c, at::kFloat, at::kCPU);
}

Forward TinyTraining::Step(const Batch& batch, ForwardOptions options) {
  options.step = adam.steps();
  options.train = true;
  Forward forward = model.Run(batch, options);
  (void)adam.Step(Gradients(model, forward.loss));
  return forward;
}

}  // namespace plasa::trainer
