// Pre-tokenizers: text into the pieces that merges may not cross.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace plasa::trainer {

// One pre-tokenizer of tokenizer.json.
struct PreTokenizerStep {
  enum class Kind { kDigits, kByteLevel } kind = Kind::kByteLevel;
  bool individual_digits = false;  // kDigits: each number a piece, else each run of them
  bool add_prefix_space = false;   // kByteLevel: each piece starts with a space
  bool use_regex = true;           // kByteLevel: cuts as GPT-2 does
};

// Applies steps in order. Exactly one of them is kByteLevel. One thread at a time.
class PreTokenizer {
 public:
  PreTokenizer() = default;
  explicit PreTokenizer(std::vector<PreTokenizerStep> steps) : steps_(std::move(steps)) {}

  // The pieces of `text`, which is UTF-8, as bytes; none is empty. They hold until the next call, no longer than
  // `text`.
  [[nodiscard]] const std::vector<std::string_view>& Cut(std::string_view text);

 private:
  void ByteLevel(const PreTokenizerStep& step, std::string_view piece);

  std::vector<PreTokenizerStep> steps_;
  std::vector<std::string_view> pieces_;
  std::vector<std::string_view> next_;
  std::deque<std::string> prefixed_;
};

}  // namespace plasa::trainer
