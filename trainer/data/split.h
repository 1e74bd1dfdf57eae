// Which documents are held out, and the two token streams that makes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/data/tokens.h"

namespace plasa::trainer {

// FNV-1a-64 over the tokens [from, to) as 32-bit little-endian words.
[[nodiscard]] uint64_t DocumentHash(const Tokens& tokens, uint64_t from, uint64_t to);

// For each document whether it is validation: decided by its hash and `split_seed` alone, so equal documents land on
// one side. At least one document is validation, and at least one is training where two distinct documents exist.
[[nodiscard]] std::vector<bool> HeldOutDocuments(const Tokens& tokens, uint64_t split_seed, double fraction);

// Documents of one side of the split, joined in file order, read in place. Keeps a reference: `tokens` must outlive it.
class TokenStream {
 public:
  // Takes the documents for which held_out[i] == `side`.
  TokenStream(const Tokens& tokens, const std::vector<bool>& held_out, bool side);

  [[nodiscard]] uint64_t size() const { return starts_.back(); }
  // Copies tokens [from, from + out.size()) and, into `docs`, the number of the document each belongs to.
  // Precondition: the range is inside the stream and both spans are equally long.
  void Read(uint64_t from, std::span<int32_t> out, std::span<int32_t> docs) const;

  // Where each document begins in the file.
  [[nodiscard]] const std::vector<uint64_t>& origins() const { return origins_; }
  // Tokens of document `i`.
  [[nodiscard]] uint64_t DocumentSize(size_t i) const { return starts_[i + 1] - starts_[i]; }

 private:
  const Tokens* tokens_;
  std::vector<uint64_t> starts_ = {0};  // stream offset of each document, then the size
  std::vector<uint64_t> origins_;       // offset of each document in the file
};

// Number of tokens of the file that are in both streams. Precondition: both are over the same tokens.
[[nodiscard]] uint64_t SharedTokens(const TokenStream& a, const TokenStream& b);

// The historical split: the windows at stride 1 over `tokens`, permuted with seed 42; the last tenth is validation.
struct OverlapSplit {
  std::vector<uint64_t> train;
  std::vector<uint64_t> validation;
};
[[nodiscard]] OverlapSplit HistoricalOverlapSplit(uint64_t tokens, uint64_t length);

}  // namespace plasa::trainer
