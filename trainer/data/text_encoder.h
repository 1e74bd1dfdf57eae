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
  std::function<void(std::string_view text, std::vector<uint32_t>* ids)> append;  // `text` is UTF-8
  uint32_t largest_id = 0;
  std::optional<uint32_t> end_of_document;  // closes each document of a token file
};

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
  const TextEncoder& encoder_;
  std::vector<uint32_t> ids_;
  std::vector<uint64_t> offsets_ = {0};
};

}  // namespace plasa::trainer
