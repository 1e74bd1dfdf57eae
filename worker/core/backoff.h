// How long to wait before trying something again. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

namespace plasa::core {

// Doubles from the shortest wait to the longest. Each kind of call has its own.
class Backoff {
 public:
  Backoff() : Backoff(50, 2000) {}
  Backoff(uint64_t shortest_ms, uint64_t longest_ms)
      : shortest_ms_(shortest_ms), longest_ms_(longest_ms), next_ms_(shortest_ms) {}

  [[nodiscard]] uint64_t NextDelayMs() {
    const uint64_t delay = next_ms_;
    next_ms_ = std::min(next_ms_ * 2, longest_ms_);
    return delay;
  }
  void Reset() { next_ms_ = shortest_ms_; }

 private:
  const uint64_t shortest_ms_;
  const uint64_t longest_ms_;
  uint64_t next_ms_;
};

}  // namespace plasa::core
