// Figures for /metrics that only the database knows, read now and then by a thread of their own.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "coordinator/metrics.h"
#include "coordinator/store/read.h"

namespace plasa {

// Owned by the composition. `metrics` must outlive it.
class Gauges {
 public:
  Gauges(std::unique_ptr<store::Reader> reader, std::string wal_path, Metrics& metrics);
  ~Gauges();
  Gauges(const Gauges&) = delete;
  Gauges& operator=(const Gauges&) = delete;

 private:
  void Run();
  void Read();

  const std::unique_ptr<store::Reader> reader_;  // the thread's own
  const std::string wal_path_;
  Metrics& metrics_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool stopping_ = false;

  std::thread thread_;  // last: it uses the others
};

}  // namespace plasa
