// A tokenizer.json of Hugging Face's tokenizers: byte-level BPE.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "trainer/data/bpe/added_tokens.h"
#include "trainer/data/bpe/bpe_model.h"
#include "trainer/data/bpe/pretokenize.h"

namespace plasa::trainer {

// Gives the ids tokenizers 0.23 gives, with add_special_tokens or without: what would make a difference is refused when
// the file is opened. One thread at a time.
class HfTokenizer {
 public:
  static Result<HfTokenizer> Open(const std::filesystem::path& file);
  // The same for the text of a file; `file` names it in errors.
  static Result<HfTokenizer> Parse(const std::string& text, const std::string& file);

  // Appends the ids of `text`. Precondition: `text` is UTF-8, below 4 GiB.
  void Encode(std::string_view text, std::vector<uint32_t>* ids);

  // The largest id there is.
  [[nodiscard]] uint32_t largest_id() const { return largest_id_; }
  // The added token <|endoftext|>, if there is one.
  [[nodiscard]] std::optional<uint32_t> end_of_document() const { return end_of_document_; }
  // By id: bytes of text a token stands for; see TokenBytes.
  [[nodiscard]] const std::vector<uint32_t>& token_bytes() const { return token_bytes_; }
  // SHA-256 of the file.
  [[nodiscard]] const std::string& sha256() const { return sha256_; }

 private:
  AddedTokens added_;
  PreTokenizer pre_tokenizer_;
  BpeModel model_;
  uint32_t largest_id_ = 0;
  std::optional<uint32_t> end_of_document_;
  std::vector<uint32_t> token_bytes_;
  std::string sha256_;
};

}  // namespace plasa::trainer
