#include "trainer/data/bpe/merge_table.h"

#include <bit>

namespace plasa::trainer {
namespace {

// The finaliser of SplitMix64.
uint64_t Mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
  x = (x ^ x >> 27) * 0x94D049BB133111EBU;
  return x ^ x >> 31;
}

}  // namespace

MergeTable::MergeTable(size_t merges) : slots_(std::bit_ceil(2 * merges + 2)) {}

void MergeTable::Set(uint32_t left, uint32_t right, Merge merge) {
  slots_[SlotOf(left, right)] = {left, right, merge, true};
}

size_t MergeTable::SlotOf(uint32_t left, uint32_t right) const {
  size_t i = Mix(static_cast<uint64_t>(left) << 32 | right) & (slots_.size() - 1);
  while (slots_[i].used && (slots_[i].left != left || slots_[i].right != right)) i = (i + 1) & (slots_.size() - 1);
  return i;
}

}  // namespace plasa::trainer
