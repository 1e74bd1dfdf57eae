#include "trainer/data/byte_tokenizer.h"

namespace plasa::trainer {

void ByteTokenizer::Add(std::string_view document) {
  for (const char c : document) ids_.push_back(static_cast<uint8_t>(c));
  ids_.push_back(kByteEndOfDocument);
  offsets_.push_back(ids_.size());
}

}  // namespace plasa::trainer
