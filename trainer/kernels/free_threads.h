// Pieces of work for whichever thread is free: a thread that the machine slows down takes fewer of them, and the others
// do not wait for it.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace plasa::trainer {

// Calls work(next) once a thread; next() gives the number of a piece of work of n that nobody has taken, then -1.
// Pieces must not depend on each other.
template <class Work>
void ForFreeThreads(int64_t n, Work work) {
  std::atomic<int64_t> taken = 0;
  at::parallel_for(0, std::min<int64_t>(n, at::get_num_threads()), 1, [&](int64_t, int64_t) {
    work([&] {
      const int64_t i = taken++;
      return i < n ? i : -1;
    });
  });
}

}  // namespace plasa::trainer
