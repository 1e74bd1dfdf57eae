// Which slot holds which lease. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace plasa::core {

// Indices 0 … size-1. A token sits in at most one slot.
class Slots {
 public:
  explicit Slots(int size) : tokens_(static_cast<size_t>(size), kFree) {}

  // Puts `token` into `slot`. False when that slot does not exist or is taken by another lease.
  [[nodiscard]] bool Take(int slot, uint64_t token);
  // Frees the slot that holds `token`, if any does.
  void Release(uint64_t token);
  [[nodiscard]] std::optional<int> SlotOf(uint64_t token) const;
  [[nodiscard]] std::vector<int> Free() const;
  [[nodiscard]] int size() const { return static_cast<int>(tokens_.size()); }

 private:
  static constexpr uint64_t kFree = 0;  // lease tokens begin at 1
  std::vector<uint64_t> tokens_;
};

}  // namespace plasa::core
