// Time and order as the worker's logic sees them: the daemon's loop, or a test's own.
#pragma once

#include <cstdint>
#include <functional>

namespace plasa::worker {

// Runs tasks one after another on one thread.
class Scheduler {
 public:
  using Task = std::function<void()>;
  using TimerId = uint64_t;  // 0 is never given

  virtual ~Scheduler() = default;

  // Runs `task` after what was posted before. Thread-safe.
  virtual void Post(Task task) = 0;
  virtual TimerId RunAfter(uint64_t delay_ms, Task task) = 0;
  // Harmless for a timer that has run, and for 0.
  virtual void Cancel(TimerId timer) = 0;
  // Milliseconds of a clock that never goes back.
  [[nodiscard]] virtual uint64_t NowMs() const = 0;
};

}  // namespace plasa::worker
