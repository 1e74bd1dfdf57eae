#include "mutate.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string_view>
#include <utility>

namespace plasa::fuzz {
namespace {

constexpr size_t kLargest = 1 << 20;  // bytes of an input
constexpr std::array<uint64_t, 12> kEdges = {
    0,    1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000,
    ~0ull};
constexpr std::array<const char*, 14> kNumerals = {"-1",
                                                   "0",
                                                   "1e999",
                                                   "-1e999",
                                                   "1e300",
                                                   "4294967295",
                                                   "4294967296",
                                                   "9223372036854775807",
                                                   "18446744073709551615",
                                                   "1099511627776",
                                                   "null",
                                                   "\"\"",
                                                   "[]",
                                                   "{}"};

bool IsNumeral(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool IsOfWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '/' || c == '-'; }

// The first word at or after a place; empty where none follows.
std::string_view WordAt(std::string_view text, size_t place) {
  const auto* const from = std::find_if(text.begin() + std::min(place, text.size()), text.end(), IsOfWord);
  return {from, static_cast<size_t>(std::find_if_not(from, text.end(), IsOfWord) - from)};
}

}  // namespace

std::string Mutator::Input(uint64_t run) {
  if (run < seeds_.size()) return seeds_[run];
  random_.seed(seed_ * 0x9E3779B97F4A7C15 + run);
  std::string input = AnySeed();
  for (size_t changes = 1 + Below(8); changes > 0; --changes) Change(&input);
  if (input.size() > kLargest) input.resize(kLargest);
  return input;
}

void Mutator::Change(std::string* input) {
  static constexpr std::array<void (Mutator::*)(std::string*), 8> kChanges = {
      &Mutator::FlipBits,         &Mutator::Cut,
      &Mutator::Splice,           &Mutator::RepeatChunk,
      &Mutator::WriteEdgeInteger, &Mutator::WriteEdgeNumeral,
      &Mutator::ReplaceWord,      &Mutator::Nest};
  (this->*kChanges[Below(kChanges.size())])(input);
}

void Mutator::FlipBits(std::string* input) {
  if (input->empty()) return;
  for (size_t flips = 1 + Below(4); flips > 0; --flips) {
    char& byte = (*input)[Below(input->size())];
    byte = static_cast<char>(byte ^ (1 << Below(8)));
  }
}

// Removes a stretch; as often as not all that follows it.
void Mutator::Cut(std::string* input) {
  const size_t from = Below(input->size());
  input->erase(from, Below(2) == 0 ? std::string::npos : Below(64));
}

// Puts a stretch of some seed somewhere.
void Mutator::Splice(std::string* input) {
  const std::string& other = AnySeed();
  const size_t from = Below(other.size());
  input->insert(Below(input->size() + 1), other.substr(from, Below(256)));
}

void Mutator::RepeatChunk(std::string* input) {
  const size_t from = Below(input->size());
  const std::string chunk = input->substr(from, 1 + Below(64));
  std::string repeated;
  for (size_t times = Below(64); times > 0; --times) repeated += chunk;
  input->insert(from, repeated);
}

// An integer of 2, 4 or 8 bytes, mostly where one is likely to stand.
void Mutator::WriteEdgeInteger(std::string* input) {
  const uint64_t value = kEdges[Below(kEdges.size())] + Below(3) - 1;
  const size_t width = size_t{2} << Below(3);
  if (input->size() < width) return;
  const size_t at = Below(Below(2) == 0 ? std::min<size_t>(input->size(), 32) : input->size()) / width * width;
  if (at + width <= input->size()) std::memcpy(input->data() + at, &value, width);
}

// Replaces a number in a text by another value.
void Mutator::ReplaceNumeral(std::string* input, const std::string& value) {
  const size_t start = Below(input->size());
  const auto from = std::find_if(input->begin() + static_cast<int64_t>(start), input->end(), IsNumeral);
  const auto to = std::find_if_not(from, input->end(), IsNumeral);
  input->replace(from, to, value);
}

void Mutator::WriteEdgeNumeral(std::string* input) { ReplaceNumeral(input, kNumerals[Below(kNumerals.size())]); }

// Replaces a word by one of some seed: the seeds are the dictionary of their format.
void Mutator::ReplaceWord(std::string* input) {
  const std::string& other = AnySeed();
  const std::string_view word = WordAt(other, Below(other.size()));
  const std::string_view replaced = WordAt(*input, Below(input->size()));
  input->replace(static_cast<size_t>(replaced.data() - input->data()), replaced.size(), std::string(word));
}

// Lists or objects in one another, as often as not closed again.
void Mutator::Nest(std::string* input) {
  static constexpr std::array<std::pair<const char*, const char*>, 3> kLevels = {
      {{"[", "]"}, {"{\"a\":", "}"}, {"[[],", "]"}}};
  const auto [opening, closing] = kLevels[Below(kLevels.size())];
  const size_t depth = size_t{1} << Below(18);
  std::string nest;
  for (size_t i = 0; i < depth; ++i) nest += opening;
  if (Below(2) == 0) {
    nest += "0";
    for (size_t i = 0; i < depth; ++i) nest += closing;
  }
  ReplaceNumeral(input, nest);
}

}  // namespace plasa::fuzz
