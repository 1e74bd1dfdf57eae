// A clock that only moves when it is told to.
#pragma once

#include <atomic>

#include "common/runtime/clock.h"

namespace plasa {

class FakeClock final : public Clock {
 public:
  [[nodiscard]] int64_t SteadyMs() const override { return steady_ms; }
  [[nodiscard]] double UnixSeconds() const override { return unix_s; }

  std::atomic<int64_t> steady_ms = 1'000'000;
  std::atomic<double> unix_s = 1'700'000'000;
};

}  // namespace plasa
