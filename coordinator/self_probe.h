// Whether this process serves, asked the way its users ask.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"

namespace plasa {

// One part that users need.
struct ProbedPart {
  // Called once or never, from any thread; after the round is over too.
  using Answered = std::function<void(const absl::Status&)>;

  std::string name;
  // Puts one question, for which there is `limit`. May take that long, so parts that only start a question come first.
  std::function<void(std::chrono::milliseconds limit, Answered answered)> ask;
};

// Asks all parts at once, again and again. A part that has not answered yet is not asked anew: nothing piles up behind
// what hangs.
class SelfProbe {
 public:
  explicit SelfProbe(std::vector<ProbedPart> parts) : parts_(std::move(parts)) {}

  // One round: the parts that did not answer within `limit`, or not well, each with the reason ("store: no answer
  // within 22 s"). Empty: all is well. One thread at a time.
  [[nodiscard]] std::vector<std::string> Ask(std::chrono::milliseconds limit);
  // Ends the round at hand and makes the others empty. Any thread.
  void Stop();

 private:
  struct Question {
    bool open = false;  // put, and not answered
    absl::Status answer;
  };
  // Shared with answers that come late.
  struct Board {
    std::mutex mutex;  // guards what follows
    std::condition_variable changed;
    std::map<std::string, Question> questions;  // by part
    bool stopped = false;
  };
  void Put(const ProbedPart& part, std::chrono::milliseconds limit) const;

  const std::vector<ProbedPart> parts_;
  const std::shared_ptr<Board> board_ = std::make_shared<Board>();
};

// A thread that probes each `period` until it is destroyed: on_round gets what Ask gave, for which it had three
// quarters of the period. The first round begins at once.
class ProbeThread {
 public:
  using OnRound = std::function<void(const std::vector<std::string>& silent)>;

  ProbeThread(SelfProbe probe, std::chrono::milliseconds period, OnRound on_round);
  ~ProbeThread();  // ends the round at hand
  ProbeThread(const ProbeThread&) = delete;
  ProbeThread& operator=(const ProbeThread&) = delete;

 private:
  void Run();

  SelfProbe probe_;  // the thread's own
  const std::chrono::milliseconds period_;
  const OnRound on_round_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool stopping_ = false;

  std::thread thread_;  // last: it uses the others
};

}  // namespace plasa
