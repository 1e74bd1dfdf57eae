// The durable half of a decision, as the core's desk sees it.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/core/model/effects.h"
#include "coordinator/core/state.h"
#include "coordinator/store/written.h"

namespace plasa {

// Commits effects in the order they come.
class Committer {
 public:
  // Called once, on the committer's thread, after the commit; or with RESOURCE_EXHAUSTED when the disk is full.
  using Done = std::function<void(const absl::Status& committed, const store::Written& written)>;

  virtual ~Committer() = default;
  // One transaction's worth of writes; without any it only waits its turn. After a refusal everything is refused until
  // Resume.
  virtual void Post(std::shared_ptr<const coordinator::Effects> effects, Done done) = 0;
  // Commits that wait. Thread-safe.
  [[nodiscard]] virtual size_t Depth() const = 0;
  // Until nothing is queued or being written.
  virtual void AwaitIdle() = 0;
  // RESOURCE_EXHAUSTED while there is no room.
  [[nodiscard]] virtual absl::Status Resume() = 0;
  // What is durable.
  [[nodiscard]] virtual absl::StatusOr<coordinator::State> Load() = 0;
};

}  // namespace plasa
