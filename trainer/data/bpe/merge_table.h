// Which pairs of tokens merge, in which order, into what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace plasa::trainer {

struct Merge {
  uint32_t rank = 0;  // lower merges first
  uint32_t id = 0;    // of the token the pair becomes
};

// A hash map from pairs of ids, at most half full, in one block of memory.
class MergeTable {
 public:
  explicit MergeTable(size_t merges = 0);

  // A pair that is there takes the new value. Precondition: no more different pairs than the constructor was told.
  void Set(uint32_t left, uint32_t right, Merge merge);
  // nullptr if the pair does not merge.
  [[nodiscard]] const Merge* Find(uint32_t left, uint32_t right) const {
    const Slot& slot = slots_[SlotOf(left, right)];
    return slot.used ? &slot.merge : nullptr;
  }

 private:
  struct Slot {
    uint32_t left = 0, right = 0;
    Merge merge;
    bool used = false;
  };
  // The slot of the pair, or the free one where it belongs.
  [[nodiscard]] size_t SlotOf(uint32_t left, uint32_t right) const;

  std::vector<Slot> slots_;  // a power of two
};

}  // namespace plasa::trainer
