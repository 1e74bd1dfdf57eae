#include "trainer/data/bpe/hf_tokenizer.h"

#include <algorithm>

#include "common/base/sha256.h"
#include "trainer/data/bpe/components.h"
#include "trainer/data/bpe/model_section.h"
#include "trainer/data/bpe/token_bytes.h"

namespace plasa::trainer {
namespace {

constexpr std::string_view kEndOfDocument = "<|endoftext|>";

}  // namespace

Result<HfTokenizer> HfTokenizer::Open(const std::filesystem::path& file) {
  auto text = ReadBoundedText(file);
  if (!text) return text.error();
  return Parse(*text, file.string());
}

Result<HfTokenizer> HfTokenizer::Parse(const std::string& text, const std::string& name) {
  auto json = ParseTokenizerJson(text, name);
  if (!json) return json.error();
  const Json& model = MemberOf(*json, "model");
  if (auto error = RefuseOtherModels(model, name)) return *error;
  if (auto error = RefuseOtherComponents(*json, name)) return *error;
  auto vocabulary = Vocabulary::Read(MemberOf(model, "vocab"), name);
  if (!vocabulary) return vocabulary.error();
  auto parts = ReadBpeParts(model, *vocabulary, name);
  if (!parts) return parts.error();
  auto steps = ReadPreTokenizers(MemberOf(*json, "pre_tokenizer"), name);
  if (!steps) return steps.error();
  auto added = ReadAddedTokens(MemberOf(*json, "added_tokens"), *vocabulary, name);
  if (!added) return added.error();

  HfTokenizer tokenizer;
  tokenizer.added_ = AddedTokens(*added);
  tokenizer.pre_tokenizer_ = PreTokenizer(std::move(*steps));
  tokenizer.model_ = BpeModel(std::move(*parts));
  tokenizer.largest_id_ = vocabulary->largest();
  for (const AddedToken& token : *added) {
    tokenizer.largest_id_ = std::max(tokenizer.largest_id_, token.id);
    if (token.content == kEndOfDocument) tokenizer.end_of_document_ = token.id;
  }
  tokenizer.token_bytes_ = TokenBytes(*vocabulary, *added, tokenizer.end_of_document_);
  tokenizer.sha256_ = Sha256Hex(text);
  return tokenizer;
}

void HfTokenizer::Encode(std::string_view text, std::vector<uint32_t>* ids) {
  added_.Cut(text, [&](const AddedTokens::Piece& piece) {
    if (piece.id) return ids->push_back(*piece.id);
    for (const std::string_view word : pre_tokenizer_.Cut(piece.text)) model_.Encode(word, ids);
  });
}

}  // namespace plasa::trainer
