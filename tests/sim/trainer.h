// A trainer as its files show it: reads spec.json, resumes, appends events, writes checkpoints, leaves with a code.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "bug.h"
#include "oracle.h"
#include "world.h"

namespace plasa::sim {

class SimTrainer {
 public:
  struct Handlers {
    std::function<void()> on_append;                    // events.jsonl grew
    std::function<void(int code, int signal)> on_exit;  // once; the trainer may be destroyed afterwards
  };
  struct Doors {
    World& world;
    Oracle& oracle;
    ProcessPtr process;
    Bug bug;
  };

  SimTrainer(Doors doors, std::string dir, Handlers handlers);

  void Start();
  // SIGTERM: checkpoint and leave.
  void Terminate() { asked_to_leave_ = true; }
  // From outside; may leave half a line behind.
  void Kill(int signal);
  void Pause(uint64_t until_ms) { process_->paused_until_ms = until_ms; }
  // Leaves by itself with a code.
  void Fail(int code) { Exit(code, 0); }
  [[nodiscard]] bool running() const { return process_->alive; }
  [[nodiscard]] uint64_t token() const { return token_; }
  [[nodiscard]] const std::string& dir() const { return dir_; }
  // Bytes of events.jsonl that a power cut leaves.
  [[nodiscard]] uint64_t synced_bytes() const { return synced_bytes_; }

 private:
  void Begin();
  [[nodiscard]] bool Resume(const std::string& path, const std::string& digest);
  void Step();
  void Finish();
  [[nodiscard]] std::string Metrics() const;
  void Checkpoint();
  // False on a full disk.
  bool Append(const std::string& type, const std::string& members);
  void Exit(int code, int signal);

  World& world_;
  Oracle& oracle_;
  const ProcessPtr process_;
  const Bug bug_;
  const std::string dir_;
  const Handlers handlers_;
  std::string trial_;
  uint64_t token_ = 0;
  uint64_t state_ = 0;
  int64_t step_ = 0;
  uint64_t seq_ = 0;
  uint64_t step_ms_ = 0;
  uint64_t bytes_ = 0;
  uint64_t synced_bytes_ = 0;
  bool asked_to_leave_ = false;
};

}  // namespace plasa::sim
