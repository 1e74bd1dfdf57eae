// Decoding token by token.
#pragma once

#include <cstdint>

#include "common/base/result.h"
#include "trainer/attention/key_cache.h"
#include "trainer/model/model.h"

namespace plasa::trainer {

// A window that grows (spec 5.4): per layer it keeps keys and values after rotary positions and the indexer's keys, so
// that a token costs one row of attention. Positions are absolute; k of the layers is that of a window of `length`
// tokens for the whole generation, and row t selects among the min(k, t+1) best of the cache by the model's own rule.
// Appending a window gives the logits of one forward pass over it. By plain ATen. Refers to the model; same thread.
class Decoder {
 public:
  // For windows of at most `length` tokens (decode_len); 0 takes the configuration's seq_len.
  // Precondition: SupportError(model.config()) is empty.
  explicit Decoder(const Model& model, int64_t length = 0);

  // Why a configuration cannot be decoded token by token: its queries look ahead. nullopt if it can.
  [[nodiscard]] static Outcome SupportError(const Config& config);

  // Appends tokens [B,n], n >= 1, with the same B each time; `docs` [B,n] under doc_mask. The pass holds logits [B,n,V]
  // and no loss; with `keep_layers` also the layers' sets [B,n,position]. Precondition: position() + n <= length.
  [[nodiscard]] Forward Append(const at::Tensor& tokens, const at::Tensor& docs = {}, bool keep_layers = false);

  // Tokens so far.
  [[nodiscard]] int64_t position() const { return cache_.position; }

 private:
  const Model& model_;
  KeyCache cache_;
};

}  // namespace plasa::trainer
