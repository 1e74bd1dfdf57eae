// Merges within one piece.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "trainer/data/bpe/merge_table.h"

namespace plasa::trainer {

// Merges a row of tokens until no pair merges: lowest rank first, of equal ranks the leftmost. O(n log n). Keeps its
// memory between calls; one thread at a time.
class WordMerger {
 public:
  // Appends what `symbols` merge into. Precondition: fewer than 2^32 - 1 of them.
  void Run(const MergeTable& merges, const std::vector<uint32_t>& symbols, std::vector<uint32_t>* ids);

 private:
  static constexpr uint32_t kNone = 0xFFFFFFFF;
  struct Symbol {
    uint32_t id, previous, next;
    bool gone;
  };
  struct Candidate {
    Merge merge;
    uint32_t at;  // of the left symbol
    bool operator>(const Candidate& other) const {
      return merge.rank != other.merge.rank ? merge.rank > other.merge.rank : at > other.at;
    }
  };

  void Load(const std::vector<uint32_t>& symbols);
  void Offer(const MergeTable& merges, uint32_t at);
  [[nodiscard]] bool IsCurrent(const MergeTable& merges, const Candidate& candidate) const;
  void MergeAt(uint32_t at, uint32_t id);

  std::vector<Symbol> symbols_;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates_;
};

}  // namespace plasa::trainer
