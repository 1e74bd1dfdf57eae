// Which trial may run where.
#pragma once

#include <string>

#include "coordinator/core/state.h"

namespace plasa::coordinator {

// Silence after which a worker is shown as silent and gets nothing new.
inline constexpr int64_t kSuspectAfterMs = 5000;

[[nodiscard]] inline int64_t SilentMs(const Worker& worker, int64_t now_ms) { return now_ms - worker.last_seen_ms; }

// The worker is there and takes new work.
[[nodiscard]] bool TakesWork(const Worker& worker, int64_t now_ms);

// Another worker may take a running trial from `holder`: it left, or has been silent for the trial's lost_after (or is
// silent while a user drained it).
[[nodiscard]] bool IsEligible(const Trial& trial, const Worker& holder, int64_t now_ms);

// A log rule keeps the trial from this worker.
[[nodiscard]] bool IsExcluded(const Worker& worker, const Trial& trial);

// The worker offers the trial's trainer, and the device is what the trial asks for. A trial with a checkpoint wants a
// device of the class that made it, also where that has none (workers without plasa-trainer); one that begins at step 0
// again may do so anywhere.
[[nodiscard]] bool OffersTrainer(const Worker& worker, const Trial& trial);
[[nodiscard]] bool Fits(const Trial& trial, const WorkerDevice& device);

// The device of a slot; nullptr when there is no such slot.
[[nodiscard]] const WorkerDevice* DeviceOf(const Worker& worker, int32_t slot);

}  // namespace plasa::coordinator
