// How long to wait before trying a call again. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

namespace plasa::core {

// 50 ms doubling to 2 s. Each kind of call has its own.
class Backoff {
 public:
  [[nodiscard]] uint64_t NextDelayMs() {
    const uint64_t delay = next_ms_;
    next_ms_ = std::min<uint64_t>(next_ms_ * 2, kLongestMs);
    return delay;
  }
  void Reset() { next_ms_ = kShortestMs; }

 private:
  static constexpr uint64_t kShortestMs = 50;
  static constexpr uint64_t kLongestMs = 2000;
  uint64_t next_ms_ = kShortestMs;
};

}  // namespace plasa::core
