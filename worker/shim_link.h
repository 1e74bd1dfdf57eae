// The daemon's end of one slot's shim (worker/shim/server.h has the protocol).
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "worker/loop.h"
#include "worker/slot_link.h"

namespace plasa::worker {

// Connects to the slot's live shim or starts one.
class ShimLink final : public SlotLink {
 public:
  ShimLink(Loop& loop, std::string slot_dir, std::string program, Handlers handlers);
  ~ShimLink() override;
  ShimLink(const ShimLink&) = delete;
  ShimLink& operator=(const ShimLink&) = delete;

  // Blocks for milliseconds, at most 5 s where a shim does not answer.
  [[nodiscard]] absl::Status Connect() override;
  [[nodiscard]] bool connected() const override { return fd_ >= 0; }
  [[nodiscard]] const std::string& running_dir() const override { return running_dir_; }

  void Run(const std::string& dir, const shim::Words& command) override;
  void Signal(int number) override;
  void Quit() override;

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
