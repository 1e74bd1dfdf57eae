// The sections of a tokenizer.json around its model.
#pragma once

#include <string>
#include <vector>

#include "trainer/data/bpe/added_tokens.h"
#include "trainer/data/bpe/json_reader.h"
#include "trainer/data/bpe/pretokenize.h"
#include "trainer/data/bpe/vocabulary.h"

namespace plasa::trainer {

// The pre-tokenizers ByteLevel and Digits, or a Sequence of them. All others are refused by name, and so is a file
// without ByteLevel. `file` names the file in errors, here and below.
[[nodiscard]] Result<std::vector<PreTokenizerStep>> ReadPreTokenizers(const Json& section, const std::string& file);

// added_tokens with the ids tokenizers gives them: that of the vocabulary if it has the text, else the next free one. A
// file that says otherwise is refused.
[[nodiscard]] Result<std::vector<AddedToken>> ReadAddedTokens(const Json& section, const Vocabulary& vocabulary,
                                                              const std::string& file);

// Refuses by name what else would change ids: a normalizer, truncation, padding, a post-processor that adds tokens.
[[nodiscard]] Outcome RefuseOtherComponents(const Json& tokenizer, const std::string& file);

}  // namespace plasa::trainer
