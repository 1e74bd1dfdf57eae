#include "trainer/data/bpe/token_bytes.h"

#include "trainer/data/bpe/byte_alphabet.h"

namespace plasa::trainer {

std::vector<uint32_t> TokenBytes(const Vocabulary& vocabulary, const std::vector<AddedToken>& added,
                                 std::optional<uint32_t> end_of_document) {
  std::vector<uint32_t> bytes;
  const auto set = [&bytes](uint32_t id, size_t size) {
    if (id >= kTokenBytesIds) return;
    if (id >= bytes.size()) bytes.resize(id + 1);
    bytes[id] = static_cast<uint32_t>(size);
  };
  for (const auto& [token, id] : vocabulary.tokens()) {
    const auto decoded = BytesOfToken(token);
    set(id, decoded ? decoded->size() : token.size());  // outside the alphabet a token decodes to itself
  }
  for (const AddedToken& token : added) set(token.id, token.content.size());
  if (end_of_document) set(*end_of_document, 0);
  return bytes;
}

}  // namespace plasa::trainer
