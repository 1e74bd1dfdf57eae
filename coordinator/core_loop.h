// The core's thread and its mailbox.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "coordinator/core_desk.h"

namespace plasa {

// Runs the desk's jobs in the order they came, ticks it, and lets it recover from refused commits. Thread-safe.
class CoreLoop final : public Mailbox {
 public:
  struct Doors {
    const Clock& clock;
    Committer& committer;
    LiveFeed& live;
    Metrics& metrics;
    Artifacts& artifacts;
  };

  explicit CoreLoop(const Doors& doors);
  ~CoreLoop() override;  // stops

  void Start(coordinator::State state);
  // Answers what waits with UNAVAILABLE and joins. What was handed to the committer is still committed. Idempotent.
  void Stop();

  [[nodiscard]] Commands& commands() { return desk_; }

  void Post(size_t limit, Job job) override;

  // Answers after its turn in the mailbox and the tick that follows it.
  void Probe(Acknowledge answered);

 private:
  void Run();
  void Recover();
  void OnRefused();

  const Clock& clock_;
  CoreDesk desk_;                        // the core's thread's own, but for its commands
  std::vector<Acknowledge> await_tick_;  // the core's thread's own

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<Job> queue_;
  bool running_ = false;
  bool refused_ = false;  // a commit was refused: what the core knows is not what the disk holds

  std::thread thread_;
};

}  // namespace plasa
