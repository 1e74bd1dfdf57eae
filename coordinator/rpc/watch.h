// The long polls of WatchSweep.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "coordinator/rpc/call.h"
#include "coordinator/rpc/doors.h"
#include "plasa/v1/control.pb.h"

namespace plasa::rpc {

// Holds each watch until its sweep changed after its cursor, or its time is up. One thread looks at all of them after a
// change, at most ten times a second; the replies are read on the read pool.
class WatchHub {
 public:
  explicit WatchHub(Doors& doors);
  // Answers what still waits with UNAVAILABLE.
  ~WatchHub();

  // `sweep` is a whole id. Thread-safe.
  void Add(CallPtr call, std::string sweep, const v1::WatchSweepRequest& request, v1::WatchSweepReply* reply);

 private:
  struct Watch {
    CallPtr call;
    std::string sweep;
    v1::WatchSweepReply* reply;
    uint64_t cursor;
    int64_t until_steady_ms;
  };

  void Run();
  // Whether the watch is answered (or will be, by the read pool).
  [[nodiscard]] bool Serve(const Watch& watch);
  void Answer(const Watch& watch, std::optional<std::set<std::string>> trials, uint64_t cursor);
  [[nodiscard]] int64_t WaitMs() const;  // until the first deadline

  Doors& doors_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<Watch> watches_;
  bool news_ = false;
  bool stopping_ = false;

  LiveFeed::Subscription subscription_;
  std::thread thread_;
};

}  // namespace plasa::rpc
