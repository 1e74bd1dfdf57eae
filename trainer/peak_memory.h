// How much memory this program has had.
#pragma once

#include <cstdint>

namespace plasa::trainer {

// The most bytes of this program that were resident at once (VmHWM of Linux); 0 if the system does not say.
[[nodiscard]] int64_t PeakMemoryBytes();

}  // namespace plasa::trainer
