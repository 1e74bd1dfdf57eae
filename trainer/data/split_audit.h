// Whether anything of the held-out data can be learned by heart from the training data.
#pragma once

#include <cstdint>

#include "trainer/data/split.h"

namespace plasa::trainer {

struct SplitAudit {
  uint64_t shared_targets = 0;  // (document, offset) pairs on both sides: 0 in a strict split
  double overlap =
      0;  // share of sampled held-out 32-grams that also occur in the training stream; reported, not judged
};

// Share of the 32-grams of `validation`, taken every 32 tokens, that occur in `train`. Compared by 64-bit hash, over
// the first 16,777,216 tokens of each.
[[nodiscard]] double NgramOverlap(const TokenStream& train, const TokenStream& validation);

}  // namespace plasa::trainer
