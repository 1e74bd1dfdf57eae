// Where the core's work waits its turn.
#pragma once

#include <cstddef>
#include <functional>

#include "absl/status/status.h"

namespace plasa {

class Mailbox {
 public:
  // Runs on the core's thread with OK, or anywhere with the reason why it will not be done.
  using Job = std::function<void(const absl::Status&)>;

  virtual ~Mailbox() = default;
  // Refuses the job when `limit` others wait already. Thread-safe.
  virtual void Post(size_t limit, Job job) = 0;
};

}  // namespace plasa
