#include "trainer/model/decoder.h"

namespace plasa::trainer {

Decoder::Decoder(const Model& model, int64_t length) : model_(model) {
  const Config& c = model.config();
  const auto type = at::TensorOptions(model.device()).dtype(model.dtype());
  cache_.window = length > 0 ? length : c.seq_len;
  cache_.layers.resize(static_cast<size_t>(c.n_layers));
  cache_.rotary = InterleavedTable(cache_.window, c.head_dim(), c.rope_base, type);
  cache_.index_rotary = HalvesTable(cache_.window, c.indexer_rope_dim, c.rope_base, type);
}

Outcome Decoder::SupportError(const Config& c) {
  if (c.selector == Selector::kBlock)
    return Error{"a block's keys are chosen by its first query, which is gone when the next token comes", "selector",
                 "decode with selector indexer"};
  if (!c.ref_leak && !c.ref_baseline_no_mask) return std::nullopt;
  return Error{"queries see later tokens, which are not there yet", c.ref_leak ? "ref_leak" : "ref_baseline_no_mask",
               "decode with a strict configuration"};
}

Forward Decoder::Append(const at::Tensor& tokens, const at::Tensor& docs, bool keep_layers) {
  Forward forward = model_.Run({tokens, {}, docs}, {.keep_layers = keep_layers, .cache = &cache_});
  cache_.position += tokens.size(1);
  return forward;
}

}  // namespace plasa::trainer
