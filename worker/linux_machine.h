// This machine: shims, inotify, processes.
#pragma once

#include <memory>
#include <string>

#include "worker/file_watch.h"
#include "worker/loop.h"
#include "worker/machine.h"
#include "worker/state_dir.h"

namespace plasa::worker {

class LinuxMachine final : public Machine {
 public:
  LinuxMachine(Loop& loop, const StateDir& state, std::string shim_program);

  [[nodiscard]] std::unique_ptr<SlotLink> MakeLink(int slot, SlotLink::Handlers handlers) override;
  [[nodiscard]] int WatchFile(const std::string& path, std::function<void()> on_change) override;
  void Unwatch(int id) override { watch_.Remove(id); }
  void KillLeftovers(const std::string& attempt_dir) override;
  // By the kernel's own clock.
  [[nodiscard]] uint64_t RunningForMs(const std::string& attempt_dir) const override;
  [[nodiscard]] double UnixSeconds() const override;

 private:
  Loop& loop_;
  const StateDir& state_;
  const std::string shim_program_;
  FileWatch watch_;
};

}  // namespace plasa::worker
