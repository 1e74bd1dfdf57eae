// A slot of this worker: where one trainer at a time runs, whether the daemon lives or not.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "worker/core/cause.h"
#include "worker/shim/words.h"

namespace plasa::worker {

// Loop thread only. A lost slot is reported, never replaced by itself.
class SlotLink {
 public:
  struct Handlers {
    std::function<void(const std::string& dir, const std::string& reason)> on_refused;
    std::function<void(const std::string& dir, core::Exit exit)> on_ended;
    std::function<void()> on_lost;
  };

  virtual ~SlotLink() = default;

  // Returns connected, or with the reason why not.
  [[nodiscard]] virtual absl::Status Connect() = 0;
  [[nodiscard]] virtual bool connected() const = 0;
  // What the slot ran when it was connected to; empty = idle.
  [[nodiscard]] virtual const std::string& running_dir() const = 0;

  virtual void Run(const std::string& dir, const shim::Words& command) = 0;
  virtual void Signal(int number) = 0;
  // The slot closes when it is idle.
  virtual void Quit() = 0;
};

}  // namespace plasa::worker
