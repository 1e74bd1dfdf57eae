// Which of its kernels OpenBLAS uses.
#pragma once

#include <string>
#include <string_view>

namespace plasa::trainer {

// The processor whose kernels the loaded OpenBLAS uses, in its words: "SkylakeX", "Haswell"; empty for another BLAS.
[[nodiscard]] std::string BlasKernels();

// What OpenBLAS should be told where `kernels` waste a processor with AVX2 or AVX-512; empty where they do not.
[[nodiscard]] std::string_view BetterBlasKernels(std::string_view kernels, bool has_avx2, bool has_avx512);

// An OpenBLAS that is older than the processor takes kernels for the oldest ones it knows, up to five times slower.
// It listens to OPENBLAS_CORETYPE only while it is loaded: so this starts the program again with it set, as the same
// process. Returns where there is nothing to gain, where the variable is set already, or where starting again fails.
void RestartWithBetterBlasKernels(char** argv);

}  // namespace plasa::trainer
