// Byte-level byte-pair encoding: the tokens of one piece.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "trainer/data/bpe/merge_table.h"
#include "trainer/data/bpe/word_merger.h"

namespace plasa::trainer {

// What a model is made of, ids resolved.
struct BpeParts {
  static constexpr int64_t kNoId = -1;
  std::array<int64_t, 256> id_of_byte{};  // kNoId: the vocabulary lacks it, and text loses it, as in tokenizers
  MergeTable merges;
  bool ignore_merges = false;                            // a piece that is a token stays whole
  std::unordered_map<std::string, uint32_t> id_of_word;  // by bytes; filled only for ignore_merges
};

// Encodes pieces, and remembers the short ones. One thread at a time.
class BpeModel {
 public:
  BpeModel() = default;
  explicit BpeModel(BpeParts parts) : parts_(std::move(parts)) {}

  // Appends the ids of `piece`.
  void Encode(std::string_view piece, std::vector<uint32_t>* ids);

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  void MergeWord(std::string_view piece, std::vector<uint32_t>* ids);

  BpeParts parts_;
  WordMerger merger_;
  std::vector<uint32_t> symbols_;
  std::unordered_map<std::string, std::vector<uint32_t>, Hash, std::equal_to<>> known_;  // bounded: see Encode
};

}  // namespace plasa::trainer
