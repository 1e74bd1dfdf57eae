// The daemon's event loop: epoll, timers and a mailbox. Everything that changes an attempt happens on its thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "worker/scheduler.h"

namespace plasa::worker {

// Run, Watch, Unwatch and timers belong to one thread; Post and Stop may be called from any.
class Loop final : public Scheduler {
 public:
  Loop();
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void Post(Task task) override;
  // Calls `on_readable` whenever fd is readable or hung up. The caller keeps fd open until Unwatch.
  void Watch(int fd, Task on_readable);
  void Unwatch(int fd);
  TimerId RunAfter(uint64_t delay_ms, Task task) override;
  void Cancel(TimerId timer) override;
  [[nodiscard]] uint64_t NowMs() const override;

  // Until Stop, which ends the Run at hand.
  void Run();
  void Stop();

 private:
  void DrainMailbox();
  void RunDueTimers();
  [[nodiscard]] int TimeoutMs() const;

  // Constant after construction.
  int epoll_fd_;
  int wake_fd_;

  // Owned by the loop's thread.
  bool running_ = false;
  TimerId last_timer_ = 0;
  std::map<int, std::shared_ptr<Task>> watched_;
  std::map<std::pair<uint64_t, TimerId>, Task> timers_;  // by due time
  std::map<TimerId, uint64_t> due_;

  // Guarded by mutex_.
  std::mutex mutex_;
  std::vector<Task> mailbox_;
};

}  // namespace plasa::worker
