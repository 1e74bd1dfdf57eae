// Looks at sweeps that add seeds until they are decided.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "coordinator/commands.h"
#include "coordinator/live.h"
#include "coordinator/store/read.h"
#include "coordinator/sweep_records.h"

namespace plasa {

// When all trials of an open sweep have ended, its contrasts are judged, and what is undecided gets the seeds of the
// next look; else the sweep stops. All of it is decided by what is stored (analysis/replication.h), so a coordinator
// that dies between looks finds the same again. A thread of its own.
class Looker {
 public:
  // `live` and `commands` must outlive it; stop `commands` first, so that nothing is waited for.
  Looker(std::unique_ptr<store::Reader> reader, LiveFeed& live, Commands& commands);
  ~Looker();

 private:
  void Run();
  // Looks at every sweep that is due; false when one could not be looked at, and should be again.
  [[nodiscard]] bool LookAtAll();
  [[nodiscard]] absl::Status LookAt(const std::string& sweep);
  [[nodiscard]] absl::StatusOr<AddSeedsCommand> Decide(const std::string& sweep);

  const std::unique_ptr<store::Reader> reader_;
  Commands& commands_;
  SweepRecords records_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool news_ = true;
  bool stopping_ = false;

  LiveFeed::Subscription subscription_;
  std::thread thread_;
};

}  // namespace plasa
