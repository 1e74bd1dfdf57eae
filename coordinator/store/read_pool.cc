#include "coordinator/store/read_pool.h"

#include <utility>

namespace plasa::store {

absl::Status ReadPool::Start(const std::string& database_path) {
  for (size_t i = 0; i < threads_wanted_; ++i) {
    auto reader = Reader::Open(database_path);
    if (!reader.ok()) return reader.status();
    readers_.push_back(*std::move(reader));
  }
  {
    const std::lock_guard lock(mutex_);
    running_ = true;
  }
  for (const auto& reader : readers_) threads_.emplace_back([this, &reader] { Run(*reader); });
  return absl::OkStatus();
}

void ReadPool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    running_ = false;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  readers_.clear();
}

absl::Status ReadPool::Post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (!running_) return absl::UnavailableError("the coordinator is stopping");
    if (queue_.size() >= max_queued_)
      return absl::ResourceExhaustedError("too many reads are waiting; try again in a second");
    queue_.push_back(std::move(job));
  }
  changed_.notify_one();
  return absl::OkStatus();
}

void ReadPool::Run(Reader& reader) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !queue_.empty() || !running_; });
    if (queue_.empty()) return;
    const Job job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    job(reader);
    lock.lock();
  }
}

}  // namespace plasa::store
