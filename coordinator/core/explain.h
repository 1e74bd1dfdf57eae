// Why a trial is where it is, in one sentence for its user.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "coordinator/core/state.h"

namespace plasa::coordinator {

// Answers for one moment. Borrow `state` for as long as it lives.
class Explainer {
 public:
  Explainer(const State& state, Now now) : state_(state), now_(now) {}

  // Running, but its worker has been silent for 5 s.
  [[nodiscard]] bool IsSuspect(const Trial& trial) const;
  [[nodiscard]] std::string Explain(const Trial& trial) const;

 private:
  [[nodiscard]] std::string Queued(const Trial& trial) const;
  [[nodiscard]] std::string Running(const Trial& trial) const;
  [[nodiscard]] std::string Obstacle(const Trial& trial) const;
  [[nodiscard]] size_t Before(const Trial& trial) const;

  const State& state_;
  const Now now_;
  mutable std::unordered_map<std::string, size_t> ranks_;  // of queued trials, made when first asked
};

}  // namespace plasa::coordinator
