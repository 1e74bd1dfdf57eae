#include "coordinator/core/placement.h"

#include <algorithm>

namespace plasa::coordinator {

bool TakesWork(const Worker& worker, int64_t now_ms) {
  return !worker.record.gone && !worker.record.draining && SilentMs(worker, now_ms) <= kSuspectAfterMs;
}

bool IsEligible(const Trial& trial, const Worker& holder, int64_t now_ms) {
  if (holder.record.gone) return true;
  const int64_t limit = holder.record.draining ? kSuspectAfterMs : trial.record.limits.lost_after_ms;
  return SilentMs(holder, now_ms) > limit;
}

bool IsExcluded(const Worker& worker, const Trial& trial) { return trial.record.excluded.count(worker.record.id) > 0; }

bool OffersTrainer(const Worker& worker, const Trial& trial) {
  const std::vector<std::string>& names = worker.record.trainers;
  return std::find(names.begin(), names.end(), trial.record.trainer) != names.end();
}

bool Fits(const Trial& trial, const WorkerDevice& device) {
  const TrialLimits& limits = trial.record.limits;
  if (!limits.device.empty() && limits.device != device.kind) return false;
  if (limits.memory_bytes > 0 && static_cast<uint64_t>(limits.memory_bytes) > device.memory_bytes) return false;
  if (!limits.hardware_class.empty()) return limits.hardware_class == device.hardware_class;
  return !trial.checkpoint || trial.checkpoint->hardware_class == device.hardware_class;
}

const WorkerDevice* DeviceOf(const Worker& worker, int32_t slot) {
  for (const WorkerSlot& known : worker.record.slots) {
    if (known.index == slot) return &known.device;
  }
  return nullptr;
}

}  // namespace plasa::coordinator
