// How much text a token stands for.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "trainer/data/bpe/added_tokens.h"
#include "trainer/data/bpe/vocabulary.h"

namespace plasa::trainer {

// No run takes larger ids.
inline constexpr uint32_t kTokenBytesIds = 65536;

// By id, bytes of its decoded text (spec 11); 0 for `end_of_document`, which is no text, and for ids that no token has.
// Ids from kTokenBytesIds on are left out.
[[nodiscard]] std::vector<uint32_t> TokenBytes(const Vocabulary& vocabulary, const std::vector<AddedToken>& added,
                                               std::optional<uint32_t> end_of_document);

}  // namespace plasa::trainer
