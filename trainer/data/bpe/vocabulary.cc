#include "trainer/data/bpe/vocabulary.h"

#include <algorithm>

namespace plasa::trainer {

Result<Vocabulary> Vocabulary::Read(const Json& vocab, const std::string& file) {
  const std::string where = file + ": model.vocab";
  if (!vocab.is_object() || vocab.empty()) {
    return Error{"is " + Excerpt(vocab) + ", not an object of tokens and their ids", where,
                 "take the tokenizer.json of a BPE model"};
  }
  Vocabulary made;
  for (const auto& [token, value] : vocab.items()) {
    auto id = AsTokenId(value, where + "[" + Excerpt(token) + "]");
    if (!id) return id.error();
    if (!made.ids_.insert(*id).second) {
      return Error{Excerpt(token) + " has the id " + std::to_string(*id) + " of another token", where,
                   "give each token an id of its own"};
    }
    made.id_of_token_.emplace(token, *id);
    made.largest_ = std::max(made.largest_, *id);
  }
  return made;
}

}  // namespace plasa::trainer
