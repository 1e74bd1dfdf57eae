// The section `model` of a tokenizer.json.
#pragma once

#include <string>

#include "trainer/data/bpe/bpe_model.h"
#include "trainer/data/bpe/json_reader.h"
#include "trainer/data/bpe/vocabulary.h"

namespace plasa::trainer {

// Refuses models other than BPE by name. Files from before model.type was written hold BPE.
[[nodiscard]] Outcome RefuseOtherModels(const Json& model, const std::string& file);

// Reads the merges and switches of `model`, whose vocabulary is `vocabulary`. Whatever would give other ids than plain
// byte-level BPE is refused by name. `file` names the file in errors.
[[nodiscard]] Result<BpeParts> ReadBpeParts(const Json& model, const Vocabulary& vocabulary, const std::string& file);

}  // namespace plasa::trainer
