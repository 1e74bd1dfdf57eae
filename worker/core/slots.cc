#include "worker/core/slots.h"

#include <algorithm>

namespace plasa::core {

bool Slots::Take(int slot, uint64_t token) {
  if (slot < 0 || slot >= size() || token == kFree) return false;
  uint64_t& place = tokens_[static_cast<size_t>(slot)];
  if (place != kFree && place != token) return false;
  if (place == kFree && SlotOf(token)) return false;
  place = token;
  return true;
}

void Slots::Release(uint64_t token) {
  if (token != kFree) std::replace(tokens_.begin(), tokens_.end(), token, kFree);
}

std::optional<int> Slots::SlotOf(uint64_t token) const {
  const auto found = std::find(tokens_.begin(), tokens_.end(), token);
  if (token == kFree || found == tokens_.end()) return std::nullopt;
  return static_cast<int>(found - tokens_.begin());
}

std::vector<int> Slots::Free() const {
  std::vector<int> free;
  for (int slot = 0; slot < size(); ++slot) {
    if (tokens_[static_cast<size_t>(slot)] == kFree) free.push_back(slot);
  }
  return free;
}

}  // namespace plasa::core
