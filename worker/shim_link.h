// The daemon's end of one slot's shim (worker/shim/server.h has the protocol).
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "worker/core/cause.h"
#include "worker/loop.h"
#include "worker/shim/words.h"

namespace plasa::worker {

// Loop thread only. Connects to the slot's live shim or starts one; a lost shim is reported, never replaced by itself.
class ShimLink {
 public:
  struct Handlers {
    std::function<void(const std::string& dir, const std::string& reason)> on_refused;
    std::function<void(const std::string& dir, core::Exit exit)> on_ended;
    std::function<void()> on_lost;
  };

  ShimLink(Loop& loop, std::string slot_dir, std::string program, Handlers handlers);
  ~ShimLink();
  ShimLink(const ShimLink&) = delete;
  ShimLink& operator=(const ShimLink&) = delete;

  // Returns connected, or with the reason why not. Blocks for milliseconds, at most 5 s where a shim does not answer.
  [[nodiscard]] absl::Status Connect();
  [[nodiscard]] bool connected() const { return fd_ >= 0; }
  // What the shim ran when it was connected to; empty = idle.
  [[nodiscard]] const std::string& running_dir() const { return running_dir_; }

  void Run(const std::string& dir, const shim::Words& command);
  void Signal(int number);
  // The shim leaves when it is idle.
  void Quit();

 private:
  [[nodiscard]] bool ConnectToLive();
  [[nodiscard]] bool ReadGreeting();
  [[nodiscard]] absl::Status StartShim();
  void KillSilentShim();
  void OnReadable();
  void OnLine(const std::string& line);
  void Send(const shim::Words& words);
  void Lose();
  void Close();

  Loop& loop_;
  const std::string slot_dir_;
  const std::string program_;
  const Handlers handlers_;
  int fd_ = -1;
  std::string input_;
  std::string running_dir_;
};

}  // namespace plasa::worker
