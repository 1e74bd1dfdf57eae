// The only door to the clocks of the machine.
#pragma once

#include <cstdint>

namespace plasa {

// A clock that can be replaced in tests. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds of a clock that never goes back and knows nothing of dates; every deadline is judged by it.
  [[nodiscard]] virtual int64_t SteadyMs() const = 0;
  // Seconds since 1970, for people to read. May jump.
  [[nodiscard]] virtual double UnixSeconds() const = 0;
};

// The machine's clocks. Its steady clock stops while the machine sleeps.
class RealClock final : public Clock {
 public:
  [[nodiscard]] int64_t SteadyMs() const override;
  [[nodiscard]] double UnixSeconds() const override;
};

}  // namespace plasa
