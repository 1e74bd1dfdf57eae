// The coordinator's own figures for /metrics, as operators see them. Never a trial's id, a step or text of a user in a
// label.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace prometheus {
class Registry;
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace plasa {

// All families of the coordinator. Counting is thread-safe and cheap; every member outlives its users, who are stopped
// first.
class Metrics {
 public:
  explicit Metrics(const std::string& version);
  ~Metrics();

  // What http serialises.
  [[nodiscard]] const std::shared_ptr<prometheus::Registry>& registry() const { return registry_; }

  void CountLeases(absl::string_view what, uint64_t count);  // granted | expired | fenced
  void CountPoints(absl::string_view what, uint64_t count);  // ingested | duplicate | conflicting
  void CountAuditFailures(uint64_t count);
  void ObserveCommit(double seconds, size_t commands);
  void ObserveCall(absl::string_view method, absl::string_view code, double seconds);

  void SetTrials(absl::string_view state, double count);
  void SetWorkers(absl::string_view state, double count);
  void SetSlots(absl::string_view state, double count);  // idle | busy
  void SetQueueAge(double seconds);                      // of the longest waiting trial
  void SetWalBytes(double bytes);
  void SetReadOnly(bool read_only);  // the disk is full
  // Best objective of the newest sweeps; replaces what was set before. At most 50 are kept.
  void SetBest(const std::map<std::string, double>& best_by_sweep);

 private:
  struct Families;
  struct CallFigures {
    prometheus::Counter* calls;
    prometheus::Histogram* seconds;
  };

  const std::shared_ptr<prometheus::Registry> registry_;
  const std::unique_ptr<Families> families_;

  std::mutex mutex_;  // guards what follows
  std::map<std::pair<std::string, std::string>, CallFigures> calls_;
  std::map<std::string, prometheus::Gauge*> best_;
};

}  // namespace plasa
