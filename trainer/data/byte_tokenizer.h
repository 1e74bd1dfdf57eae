// The built-in tokenizer: ids 0..255 are bytes, 256 ends a document.
#pragma once

#include <string_view>

#include "trainer/data/tokens.h"

namespace plasa::trainer {

inline constexpr uint32_t kByteEndOfDocument = 256;
inline constexpr int kByteVocabulary = 257;

// Collects documents and gives them back as tokens. Use: Add any number of times, then Take once.
class ByteTokenizer {
 public:
  void Add(std::string_view document);
  [[nodiscard]] Tokens Take() { return Tokens(std::move(ids_), std::move(offsets_)); }

 private:
  std::vector<uint16_t> ids_;
  std::vector<uint64_t> offsets_ = {0};
};

}  // namespace plasa::trainer
