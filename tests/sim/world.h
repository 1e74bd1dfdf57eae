// Simulated time: one queue of events, one thread, one seed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "random.h"

namespace plasa::sim {

// Something that can be killed, stopped for a while, or run out of disk.
struct Process {
  bool alive = true;
  uint64_t paused_until_ms = 0;
  std::shared_ptr<const bool> disk_full;  // of its machine; nullptr = never
};
using ProcessPtr = std::shared_ptr<Process>;

class World {
 public:
  using Task = std::function<void()>;

  explicit World(uint64_t seed) : random_(seed) {}

  [[nodiscard]] uint64_t now_ms() const { return now_ms_; }
  [[nodiscard]] double unix_s() const { return 1.7e9 + static_cast<double>(now_ms_) / 1000 + wall_jump_s; }
  Random& random() { return random_; }

  // Runs `task` that much later, unless the process is dead by then; a paused process runs it when it goes on.
  void After(uint64_t delay_ms, ProcessPtr process, Task task);
  // The world's own.
  void After(uint64_t delay_ms, Task task) { After(delay_ms, nullptr, std::move(task)); }

  // Until `done`, or until the clock shows `end_ms`, or until a promise is broken.
  void Run(uint64_t end_ms, const std::function<bool()>& done);

  // The first broken promise ends the run.
  void Violate(std::string what);
  [[nodiscard]] const std::string& violation() const { return violation_; }

  double wall_jump_s = 0;  // how wrong the coordinator's calendar is

 private:
  struct Event {
    ProcessPtr process;
    Task task;
  };
  void RunOne();

  Random random_;
  uint64_t now_ms_ = 1'000'000;
  uint64_t last_seq_ = 0;
  std::map<std::pair<uint64_t, uint64_t>, Event> queue_;  // by time, then order
  std::string violation_;
};

}  // namespace plasa::sim
