// Hot loops compiled for several instruction sets; the best one that this CPU has runs. Sanitizers see the same loops.
#pragma once

#include <cstdint>
#include <type_traits>

#define PLASA_INLINE __attribute__((always_inline)) inline
#define PLASA_LAMBDA __attribute__((always_inline))  // of what is called in hot loops: out of line it would be SSE2

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define PLASA_HAS_TARGETS
#endif

namespace plasa::trainer {

// Bytes of a vector register: a template argument of what is written in Lanes.
template <int64_t kBytes>
using Register = std::integral_constant<int64_t, kBytes>;

#ifdef PLASA_HAS_TARGETS
template <class Kernel>
[[gnu::target("arch=x86-64-v4"), gnu::noinline]] auto OnV4(Kernel kernel) {
  return kernel(Register<64>{});
}
template <class Kernel>
[[gnu::target("arch=x86-64-v3"), gnu::noinline]] auto OnV3(Kernel kernel) {
  return kernel(Register<32>{});
}
#endif

// kernel(Register), an always_inline lambda that calls nothing but inlined functions.
template <class Kernel>
auto ForThisCpu(Kernel kernel) {
#ifdef PLASA_HAS_TARGETS
  static const bool v4 = __builtin_cpu_supports("x86-64-v4") != 0, v3 = __builtin_cpu_supports("x86-64-v3") != 0;
  if (v4) return OnV4(kernel);
  if (v3) return OnV3(kernel);
#endif
  return kernel(Register<32>{});
}

}  // namespace plasa::trainer
