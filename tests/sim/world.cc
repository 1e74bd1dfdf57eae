#include "world.h"

#include <sys/resource.h>

namespace plasa::sim {
namespace {

// While it lives no file of this process can grow: writing fails as on a full disk.
class FullDisk {
 public:
  FullDisk() {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{0, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

void World::After(uint64_t delay_ms, ProcessPtr process, Task task) {
  queue_.emplace(std::pair(now_ms_ + delay_ms, ++last_seq_), Event{std::move(process), std::move(task)});
}

void World::RunOne() {
  auto node = queue_.extract(queue_.begin());
  const uint64_t due = node.key().first;
  now_ms_ = due;
  const ProcessPtr& process = node.mapped().process;
  if (process && !process->alive) return;
  if (process && process->paused_until_ms > now_ms_) {
    node.key().first = process->paused_until_ms;
    queue_.insert(std::move(node));
    return;
  }
  if (process && process->disk_full && *process->disk_full) {
    const FullDisk full;
    node.mapped().task();
  } else {
    node.mapped().task();
  }
}

void World::Run(uint64_t end_ms, const std::function<bool()>& done) {
  while (violation_.empty() && !queue_.empty() && queue_.begin()->first.first <= end_ms && !done()) RunOne();
  if (violation_.empty() && now_ms_ < end_ms && !done()) now_ms_ = end_ms;
}

void World::Violate(std::string what) {
  if (violation_.empty()) violation_ = std::move(what);
}

}  // namespace plasa::sim
