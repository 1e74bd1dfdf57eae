// What attention keeps of the tokens so far, so that the next one need not recompute them (spec 5.4).
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "trainer/attention/rope.h"

namespace plasa::trainer {

// A layer's rows of all positions of the window; those before KeyCache::position are filled.
struct CachedKeys {
  at::Tensor k, v;     // [B,G,window,hd], keys after rotary positions
  at::Tensor index_k;  // [B,window,d_I] after norm and rotary positions; undefined without an indexer
};

// Grows by the tokens of each pass. Owned by a Decoder.
struct KeyCache {
  int64_t window = 0;    // decode_len: what k of the layers is taken from, and the most positions it holds
  int64_t position = 0;  // tokens so far
  std::vector<CachedKeys> layers;
  at::Tensor docs;                   // [B,window] document of each token; undefined without doc_mask
  RotaryTable rotary, index_rotary;  // of the whole window
};

// Writes `rows` into `store` from `position` on along `dim` and returns all rows up to their end. An undefined store is
// made, with `window` rows. Precondition: the rows fit.
[[nodiscard]] at::Tensor Extend(at::Tensor& store, const at::Tensor& rows, int64_t dim, int64_t position,
                                int64_t window);

// Rows from .. from+rows-1 of a table; undefined tensors stay so.
[[nodiscard]] RotaryTable TableRows(const RotaryTable& table, int64_t from, int64_t rows);

}  // namespace plasa::trainer
