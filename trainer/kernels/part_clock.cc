#include "trainer/kernels/part_clock.h"

#include <ATen/Parallel.h>

#include <atomic>
#include <cstdint>

namespace plasa::trainer {
namespace {

std::array<std::atomic<int64_t>, kPartNames.size()> nanoseconds;  // by part, zero at first

}  // namespace

std::array<double, kPartNames.size()> TakePartSeconds() {
  std::array<double, kPartNames.size()> seconds;
  for (size_t i = 0; i < seconds.size(); ++i) seconds[i] = static_cast<double>(nanoseconds[i].exchange(0)) * 1e-9;
  return seconds;
}

void PartTimer::Count(Clock::time_point now) const {
  const int64_t time = std::chrono::duration_cast<std::chrono::nanoseconds>(now - began_).count();
  nanoseconds[static_cast<size_t>(part_)] += at::in_parallel_region() ? time / at::get_num_threads() : time;
}

}  // namespace plasa::trainer
