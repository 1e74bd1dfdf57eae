#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <malloc.h>

#include "trainer/model/model.h"

#if AT_PARALLEL_OPENMP && !defined(INTRA_OP_PARALLEL)
#error "at::parallel_for would be a plain loop: compile this room with OpenMP"
#endif

namespace plasa::trainer {

void PrepareProcess(int threads) {
  // Large blocks stay in the process: giving them back and faulting them in again each step costs up to 1.6x.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  at::set_num_threads(threads);
  const auto flush = [] { at::globalContext().setFlushDenormal(true); };
  flush();
  // The flag belongs to a thread: each worker thread of the pool sets its own.
  at::parallel_for(0, threads, 1, [&](int64_t, int64_t) { flush(); });
}

}  // namespace plasa::trainer
