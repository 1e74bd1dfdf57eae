#include "trainer/data/bpe/pretokenize.h"

#include "trainer/data/bpe/byte_alphabet.h"
#include "trainer/data/bpe/unicode_class.h"

namespace plasa::trainer {
namespace {

enum class Class { kLetter, kNumber, kSpace, kOther };

Class ClassOf(uint32_t code) {
  if (IsLetter(code)) return Class::kLetter;
  if (IsNumber(code)) return Class::kNumber;
  return IsWhiteSpace(code) ? Class::kSpace : Class::kOther;
}

// Length of 's 't 're 've 'm 'll 'd at the start of `text`, 0 if none is there.
size_t Contraction(std::string_view text) {
  for (const std::string_view ending : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
    if (text.starts_with(ending)) return ending.size();
  }
  return 0;
}

// Where the run of characters of class `wanted` that starts at `at` ends; *last is where its last character starts.
size_t EndOfRun(std::string_view text, size_t at, Class wanted, size_t* last) {
  while (at < text.size()) {
    size_t behind = at;
    if (ClassOf(NextCode(text, &behind)) != wanted) break;
    *last = at;
    at = behind;
  }
  return at;
}

// Length of the first match, which is at the start of `text`, of GPT-2's pattern
// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
size_t FirstWord(std::string_view text) {
  if (const size_t contraction = Contraction(text)) return contraction;
  const size_t start = text.front() == ' ' && text.size() > 1 ? 1 : 0;
  size_t behind = start, last = 0;
  const Class first = ClassOf(NextCode(text, &behind));
  if (first != Class::kSpace) return EndOfRun(text, start, first, &last);
  const size_t end = EndOfRun(text, 0, Class::kSpace, &last);
  // A run of white space leaves its last character to the word behind it.
  return end == text.size() || last == 0 ? end : last;
}

void CutWords(std::string_view text, std::vector<std::string_view>* pieces) {
  while (!text.empty()) {
    const size_t size = FirstWord(text);
    pieces->push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
}

// Cuts `text` where numbers begin and end; `next` reads one character and moves on.
template <class Next>
void CutDigits(std::string_view text, bool individually, std::vector<std::string_view>* pieces, const Next& next) {
  size_t start = 0;
  bool in_number = false;
  for (size_t at = 0; at < text.size();) {
    const size_t here = at;
    const bool numeric = IsNumeric(next(text, &at));
    if (here > start && (numeric != in_number || (numeric && individually))) {
      pieces->push_back(text.substr(start, here - start));
      start = here;
    }
    in_number = numeric;
  }
  if (start < text.size()) pieces->push_back(text.substr(start));
}

// What ByteLevel left are letters of its alphabet, some of which are numbers: U+00B2 for byte B2.
uint32_t NextByteCode(std::string_view text, size_t* at) { return CodeOfByte(static_cast<uint8_t>(text[(*at)++])); }

}  // namespace

void PreTokenizer::ByteLevel(const PreTokenizerStep& step, std::string_view piece) {
  if (step.add_prefix_space && !piece.starts_with(' ')) piece = prefixed_.emplace_back(" " + std::string(piece));
  step.use_regex ? CutWords(piece, &next_) : next_.push_back(piece);
}

const std::vector<std::string_view>& PreTokenizer::Cut(std::string_view text) {
  prefixed_.clear();
  pieces_.clear();
  if (!text.empty()) pieces_.push_back(text);
  bool bytes = false;
  for (const PreTokenizerStep& step : steps_) {
    next_.clear();
    for (const std::string_view piece : pieces_) {
      if (step.kind == PreTokenizerStep::Kind::kByteLevel) {
        ByteLevel(step, piece);
      } else if (bytes) {
        CutDigits(piece, step.individual_digits, &next_, NextByteCode);
      } else {
        CutDigits(piece, step.individual_digits, &next_, NextCode);
      }
    }
    bytes = bytes || step.kind == PreTokenizerStep::Kind::kByteLevel;
    pieces_.swap(next_);
  }
  return pieces_;
}

}  // namespace plasa::trainer
