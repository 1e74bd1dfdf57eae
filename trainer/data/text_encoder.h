// A tokenizer chosen by name: the built-in bytes, or a tokenizer.json.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "trainer/data/tokens.h"

namespace plasa::trainer {

// Texts to ids. One thread at a time.
struct TextEncoder {
  std::string name;    // "bytes", or the path of a tokenizer.json
  std::string sha256;  // of the tokenizer.json; empty for bytes
  std::function<void(std::string_view text, std::vector<uint32_t>* ids)> append;  // `text` is UTF-8, unless for bytes
  uint32_t largest_id = 0;
  std::optional<uint32_t> end_of_document;  // closes each document of a token file
  std::vector<uint32_t> token_bytes;        // by id, up to 65535: bytes of text it stands for, 0 for end_of_document

  [[nodiscard]] bool IsBytes() const { return sha256.empty(); }
  // Ends the names of token files kept in the cache: another one for each tokenizer, empty for bytes.
  [[nodiscard]] std::string CacheSuffix() const;
};

// The built-in tokenizer: ids 0..255 are bytes, 256 ends a document.
[[nodiscard]] TextEncoder ByteEncoder();

// `name` is "bytes" or the path of a tokenizer.json; a file that cannot be read or holds what is not known here is
// refused.
[[nodiscard]] Result<TextEncoder> OpenTextEncoder(const std::string& name);

// Collects documents and gives them back as tokens. Use: Add any number of times, then Take once.
class DocumentCollector {
 public:
  // `encoder` must outlive this.
  explicit DocumentCollector(const TextEncoder& encoder) : encoder_(encoder) {}
  void Add(std::string_view document);
  // Ids are of 16 bits if the tokenizer has none that needs more.
  [[nodiscard]] Tokens Take();

 private:
  [[nodiscard]] bool IsWide() const { return encoder_.largest_id > UINT16_MAX; }

  const TextEncoder& encoder_;
  std::vector<uint32_t> document_;  // ids of the one being added
  std::vector<uint16_t> narrow_;    // of all so far, here or in wide_
  std::vector<uint32_t> wide_;
  std::vector<uint64_t> offsets_ = {0};
};

// `documents` as tokens. Fails if one is no text for `encoder`: not UTF-8, or 4 GiB and more (bytes take anything).
[[nodiscard]] Result<Tokens> TokensOf(const std::vector<std::string>& documents, const TextEncoder& encoder);

}  // namespace plasa::trainer
