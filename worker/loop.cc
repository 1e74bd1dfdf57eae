#include "worker/loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

namespace plasa::worker {

Loop::Loop() : epoll_fd_(epoll_create1(EPOLL_CLOEXEC)), wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (epoll_fd_ < 0 || wake_fd_ < 0) std::abort();
  Watch(wake_fd_, [this] { DrainMailbox(); });
}

Loop::~Loop() {
  close(wake_fd_);
  close(epoll_fd_);
}

void Loop::Post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    mailbox_.push_back(std::move(task));
  }
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof one);
}

void Loop::Watch(int fd, Task on_readable) {
  watched_[fd] = std::make_shared<Task>(std::move(on_readable));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) != 0) std::abort();
}

void Loop::Unwatch(int fd) {
  if (watched_.erase(fd) > 0) epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr);
}

Loop::TimerId Loop::RunAfter(uint64_t delay_ms, Task task) {
  const uint64_t due = NowMs() + delay_ms;
  timers_.emplace(std::pair(due, ++last_timer_), std::move(task));
  due_[last_timer_] = due;
  return last_timer_;
}

void Loop::Cancel(TimerId timer) {
  const auto found = due_.find(timer);
  if (found == due_.end()) return;
  timers_.erase({found->second, timer});
  due_.erase(found);
}

uint64_t Loop::NowMs() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

void Loop::Run() {
  std::array<epoll_event, 64> events;
  running_ = true;
  while (running_) {
    const int count = epoll_wait(epoll_fd_, events.data(), static_cast<int>(events.size()), TimeoutMs());
    for (int i = 0; i < count && running_; ++i) {
      const auto found = watched_.find(events[static_cast<size_t>(i)].data.fd);
      if (found == watched_.end()) continue;  // unwatched by a handler before it
      const std::shared_ptr<Task> keep = found->second;
      (*keep)();
    }
    RunDueTimers();
  }
}

void Loop::Stop() {
  Post([this] { running_ = false; });
}

void Loop::DrainMailbox() {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(wake_fd_, &count, sizeof count);
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(mailbox_);
  }
  for (Task& task : tasks) task();
}

void Loop::RunDueTimers() {
  const uint64_t now = NowMs();
  while (running_ && !timers_.empty() && timers_.begin()->first.first <= now) {
    auto node = timers_.extract(timers_.begin());
    due_.erase(node.key().second);
    node.mapped()();
  }
}

int Loop::TimeoutMs() const {
  if (timers_.empty()) return -1;
  const uint64_t due = timers_.begin()->first.first;
  const uint64_t now = NowMs();
  return due <= now ? 0 : static_cast<int>(std::min<uint64_t>(due - now, 60'000));
}

}  // namespace plasa::worker
