// The machine around the worker's logic: slots, files that grow, processes, the date.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "worker/slot_link.h"

namespace plasa::worker {

// Loop thread only.
class Machine {
 public:
  virtual ~Machine() = default;

  [[nodiscard]] virtual std::unique_ptr<SlotLink> MakeLink(int slot, SlotLink::Handlers handlers) = 0;
  // Calls `on_change` after each change of `path`, which must exist. Returns an id for Unwatch; -1 where the system
  // allows no more.
  [[nodiscard]] virtual int WatchFile(const std::string& path, std::function<void()> on_change) = 0;
  virtual void Unwatch(int id) = 0;
  // Ends what is left of the trainer's session of an attempt that has no exit.json.
  virtual void KillLeftovers(const std::string& attempt_dir) = 0;
  // How long the trainer of an attempt has been running; 0 where that is not known.
  [[nodiscard]] virtual uint64_t RunningForMs(const std::string& attempt_dir) const = 0;
  [[nodiscard]] virtual double UnixSeconds() const = 0;
};

}  // namespace plasa::worker
