// The only source of chance in a simulation.
#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace plasa::sim {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  // 0 … n-1; n > 0.
  uint64_t Below(uint64_t n) { return engine_() % n; }
  // low … high.
  uint64_t Between(uint64_t low, uint64_t high) { return low + Below(high - low + 1); }
  bool Chance(double p) { return static_cast<double>(engine_() >> 11) * 0x1p-53 < p; }
  template <class T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace plasa::sim
