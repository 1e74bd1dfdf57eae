// Where the time of a pass goes: seconds by part of the model, forwards and backwards together.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace plasa::trainer {

enum class Part { kProjections, kIndex, kSelect, kAttention, kIndexLoss, kExperts, kNorms, kHead };
inline constexpr std::array kPartNames = {"projections", "index",   "select", "attention",
                                          "index_loss",  "experts", "norms",  "head"};

// Seconds of each part since this was last asked, of all passes of the process. Work on a device is not waited for.
[[nodiscard]] std::array<double, kPartNames.size()> TakePartSeconds();

// Counts its own life, up to Next, as time of a part; a thread of a parallel region as its share. Parts do not nest.
class PartTimer {
 public:
  explicit PartTimer(Part part) : part_(part) {}
  PartTimer(const PartTimer&) = delete;
  PartTimer& operator=(const PartTimer&) = delete;
  ~PartTimer() { Count(Clock::now()); }

  // What follows is time of `part`.
  void Next(Part part) {
    const auto now = Clock::now();
    Count(now);
    part_ = part;
    began_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  void Count(Clock::time_point now) const;

  Part part_;
  Clock::time_point began_ = Clock::now();
};

}  // namespace plasa::trainer
