// Threads that read the database for others, so that gRPC's own threads never wait for it, nor the HTTP thread for what
// takes long.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/store/read.h"

namespace plasa::store {

// A few threads with a read-only connection each, and one bounded queue. Every job that was taken is run, also at the
// end.
class ReadPool {
 public:
  using Job = std::function<void(Reader&)>;

  ReadPool(size_t threads, size_t max_queued) : threads_wanted_(threads), max_queued_(max_queued) {}
  ~ReadPool() { Stop(); }

  // Opens the connections and starts the threads.
  [[nodiscard]] absl::Status Start(const std::string& database_path);
  // Runs what is queued, then ends. Idempotent.
  void Stop();

  // RESOURCE_EXHAUSTED when too much waits, UNAVAILABLE after Stop. Thread-safe.
  [[nodiscard]] absl::Status Post(Job job);

 private:
  void Run(Reader& reader);

  const size_t threads_wanted_;
  const size_t max_queued_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<Job> queue_;
  bool running_ = false;

  std::vector<std::unique_ptr<Reader>> readers_;  // one a thread
  std::vector<std::thread> threads_;
};

}  // namespace plasa::store
