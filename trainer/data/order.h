// The order in which a run sees its training windows.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/philox.h"

namespace plasa::trainer {

// The permutation of 0..n-1 that sorts i by its two random words (2i, 2i+1) of `stream`, then by i.
[[nodiscard]] std::vector<uint64_t> RandomOrder(const Stream& stream, uint64_t n);

// Global sample number -> window. Every epoch has a permutation of its own and nothing is dropped between epochs. Keeps
// the permutation of the epoch asked for last; not thread-safe.
class EpochOrder {
 public:
  // Precondition: windows > 0.
  EpochOrder(uint64_t seed, uint64_t windows) : seed_(seed), windows_(windows) {}
  [[nodiscard]] uint64_t Window(uint64_t sample);

 private:
  uint64_t seed_;
  uint64_t windows_;
  uint64_t epoch_ = ~uint64_t{0};
  std::vector<uint64_t> order_;
};

}  // namespace plasa::trainer
