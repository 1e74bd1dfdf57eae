#include "worker/core/stop_plan.h"

#include <algorithm>

namespace plasa::core {

void StopPlan::Ask(StopReason reason, uint64_t now_ms) {
  const bool first = reason_ == StopReason::kNone;
  if (first || reason == StopReason::kFenced) reason_ = reason;
  if (first) {
    terminate_at_ms_ = now_ms;
    kill_at_ms_ = now_ms + grace_ms_;
  }
  if (reason == StopReason::kBadEvents) kill_at_ms_ = std::min(kill_at_ms_, now_ms);
}

StopSignal StopPlan::Due(uint64_t now_ms) {
  if (reason_ == StopReason::kNone || killed_) return StopSignal::kNone;
  if (now_ms >= kill_at_ms_) {
    killed_ = true;
    return StopSignal::kKill;
  }
  if (terminated_ || now_ms < terminate_at_ms_) return StopSignal::kNone;
  terminated_ = true;
  return StopSignal::kTerminate;
}

std::optional<uint64_t> StopPlan::NextMs() const {
  if (reason_ == StopReason::kNone || killed_) return std::nullopt;
  return terminated_ ? kill_at_ms_ : std::min(terminate_at_ms_, kill_at_ms_);
}

}  // namespace plasa::core
