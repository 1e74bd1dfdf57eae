#include "coordinator/gauges.h"

#include <sys/stat.h>

#include <chrono>
#include <map>
#include <utility>

namespace plasa {
namespace {

constexpr auto kEvery = std::chrono::seconds(5);
constexpr size_t kSweeps = 50;

}  // namespace

Gauges::Gauges(std::unique_ptr<store::Reader> reader, std::string wal_path, Metrics& metrics)
    : reader_(std::move(reader)), wal_path_(std::move(wal_path)), metrics_(metrics), thread_([this] { Run(); }) {}

Gauges::~Gauges() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Gauges::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    Read();
    lock.lock();
    changed_.wait_for(lock, kEvery, [this] { return stopping_; });
  }
}

void Gauges::Read() {
  struct stat info {};
  metrics_.SetWalBytes(stat(wal_path_.c_str(), &info) == 0 ? static_cast<double>(info.st_size) : 0);
  const auto sweeps = reader_->Sweeps(kSweeps);
  if (!sweeps.ok()) return;  // a page that reads the same will say why
  std::map<std::string, double> best;
  for (const store::SweepView& sweep : *sweeps) {
    if (!sweep.best_trial.empty()) best[sweep.id] = sweep.best_value;
  }
  metrics_.SetBest(best);
}

}  // namespace plasa
