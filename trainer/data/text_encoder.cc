#include "trainer/data/text_encoder.h"

#include <memory>

#include "trainer/data/bpe/hf_tokenizer.h"
#include "trainer/data/text.h"

namespace plasa::trainer {
namespace {

constexpr uint32_t kByteEndOfDocument = 256;
// Raised when a tokenizer.json comes to give other ids than before.
constexpr char kCacheVersion[] = "-bpe1-";

void AppendBytes(std::string_view text, std::vector<uint32_t>* ids) {
  for (const char c : text) ids->push_back(static_cast<uint8_t>(c));
}

Outcome RefuseOtherText(const std::vector<std::string>& documents, const TextEncoder& encoder) {
  if (encoder.IsBytes()) return std::nullopt;
  for (size_t i = 0; i < documents.size(); ++i) {
    const std::string which = "document " + std::to_string(i + 1);
    if (documents[i].size() > UINT32_MAX) return Error{"has 4 GiB or more", which, "cut it into several"};
    if (!IsUtf8(documents[i]))
      return Error{"is not UTF-8 text, as " + encoder.name + " needs", which,
                   "convert it, or take the tokenizer bytes"};
  }
  return std::nullopt;
}

}  // namespace

std::string TextEncoder::CacheSuffix() const { return IsBytes() ? "" : kCacheVersion + sha256; }

TextEncoder ByteEncoder() {
  std::vector<uint32_t> token_bytes(kByteEndOfDocument + 1, 1);
  token_bytes[kByteEndOfDocument] = 0;
  return {"bytes", "", AppendBytes, kByteEndOfDocument, kByteEndOfDocument, std::move(token_bytes)};
}

Result<TextEncoder> OpenTextEncoder(const std::string& name) {
  if (name == "bytes") return ByteEncoder();
  auto opened = HfTokenizer::Open(name);
  if (!opened) return opened.error();
  const auto tokenizer = std::make_shared<HfTokenizer>(std::move(*opened));
  const auto append = [tokenizer](std::string_view text, std::vector<uint32_t>* ids) { tokenizer->Encode(text, ids); };
  return TextEncoder{name,
                     tokenizer->sha256(),
                     append,
                     tokenizer->largest_id(),
                     tokenizer->end_of_document(),
                     tokenizer->token_bytes()};
}

void DocumentCollector::Add(std::string_view document) {
  document_.clear();
  encoder_.append(document, &document_);
  if (encoder_.end_of_document) document_.push_back(*encoder_.end_of_document);
  if (IsWide()) {
    wide_.insert(wide_.end(), document_.begin(), document_.end());
  } else {
    narrow_.insert(narrow_.end(), document_.begin(), document_.end());
  }
  offsets_.push_back(offsets_.back() + document_.size());
}

Tokens DocumentCollector::Take() {
  if (IsWide()) return Tokens::Wide(std::move(wide_), std::move(offsets_));
  return Tokens(std::move(narrow_), std::move(offsets_));
}

Result<Tokens> TokensOf(const std::vector<std::string>& documents, const TextEncoder& encoder) {
  if (auto refused = RefuseOtherText(documents, encoder)) return *refused;
  DocumentCollector collector(encoder);
  for (const std::string& document : documents) collector.Add(document);
  return collector.Take();
}

}  // namespace plasa::trainer
