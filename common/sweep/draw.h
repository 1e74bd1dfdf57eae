// Values drawn from a distribution. Each is a function of (parameter, draw number): another parameter, another cap or
// another machine does not change it.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/sweep/parameters.h"

namespace plasa::sweep {

// The words of one draw of one parameter. Copyable, cheap.
class DrawWords {
 public:
  DrawWords(std::string_view name, uint32_t draw);

  // Uniform in (0, 1), 53 bits.
  [[nodiscard]] double Uniform();
  // Standard normal.
  [[nodiscard]] double Normal();
  // Whole number in [0, n).
  [[nodiscard]] uint64_t Below(uint64_t n);

 private:
  uint64_t Next();

  uint32_t name_;
  uint32_t draw_;
  uint32_t position_ = 0;
};

// The value of draw number `draw`.
[[nodiscard]] Value Draw(std::string_view name, const Parameter& parameter, uint32_t draw);

}  // namespace plasa::sweep
