#include "trainer/data/text_encoder.h"

#include <memory>

#include "trainer/data/bpe/hf_tokenizer.h"
#include "trainer/data/byte_tokenizer.h"

namespace plasa::trainer {
namespace {

void AppendBytes(std::string_view text, std::vector<uint32_t>* ids) {
  for (const char c : text) ids->push_back(static_cast<uint8_t>(c));
}

}  // namespace

Result<TextEncoder> OpenTextEncoder(const std::string& name) {
  if (name == "bytes") return TextEncoder{AppendBytes, kByteEndOfDocument, kByteEndOfDocument};
  auto opened = HfTokenizer::Open(name);
  if (!opened) return opened.error();
  const auto tokenizer = std::make_shared<HfTokenizer>(std::move(*opened));
  const auto append = [tokenizer](std::string_view text, std::vector<uint32_t>* ids) { tokenizer->Encode(text, ids); };
  return TextEncoder{append, tokenizer->largest_id(), tokenizer->end_of_document()};
}

void DocumentCollector::Add(std::string_view document) {
  encoder_.append(document, &ids_);
  if (encoder_.end_of_document) ids_.push_back(*encoder_.end_of_document);
  offsets_.push_back(ids_.size());
}

Tokens DocumentCollector::Take() {
  if (encoder_.largest_id > UINT16_MAX) return Tokens::Wide(std::move(ids_), std::move(offsets_));
  return Tokens(std::vector<uint16_t>(ids_.begin(), ids_.end()), std::move(offsets_));
}

}  // namespace plasa::trainer
