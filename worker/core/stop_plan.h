// Stopping one trainer: SIGTERM, and SIGKILL to its group when the grace time is over. Pure; times are milliseconds of
// any monotonic clock.
#pragma once

#include <cstdint>
#include <optional>

#include "worker/core/cause.h"

namespace plasa::core {

enum class StopSignal { kNone, kTerminate, kKill };

// Owned by the attempt it may stop.
class StopPlan {
 public:
  explicit StopPlan(uint64_t grace_ms) : grace_ms_(grace_ms) {}

  // The first reason counts, except that FENCED overrides (nothing may be reported any more). Bad events are not worth
  // a checkpoint: no grace.
  void Ask(StopReason reason, uint64_t now_ms);
  // The signal that is due now; each is returned once.
  [[nodiscard]] StopSignal Due(uint64_t now_ms);
  // When Due has something again; nullopt = never.
  [[nodiscard]] std::optional<uint64_t> NextMs() const;
  [[nodiscard]] StopReason reason() const { return reason_; }

 private:
  const uint64_t grace_ms_;
  StopReason reason_ = StopReason::kNone;
  uint64_t terminate_at_ms_ = 0;
  uint64_t kill_at_ms_ = 0;
  bool terminated_ = false;
  bool killed_ = false;
};

}  // namespace plasa::core
