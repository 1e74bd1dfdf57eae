#include "trainer/blas_kernels.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>

namespace plasa::trainer {
namespace {

constexpr char kVariable[] = "OPENBLAS_CORETYPE";

constexpr std::string_view kAvx2Kernels[] = {"Haswell", "Zen", "Excavator"};
constexpr std::string_view kAvx512Kernels[] = {"SkylakeX", "Cooperlake", "SapphireRapids"};

template <size_t n>
bool IsIn(std::string_view name, const std::string_view (&names)[n]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

#ifdef __x86_64__
bool HasAvx2() { return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0; }
bool HasAvx512() {
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}
#else
bool HasAvx2() { return false; }
bool HasAvx512() { return false; }
#endif

}  // namespace

std::string BlasKernels() {
  const auto name = reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  return name == nullptr ? "" : name();
}

std::string_view BetterBlasKernels(std::string_view kernels, bool has_avx2, bool has_avx512) {
  if (kernels.empty() || IsIn(kernels, kAvx2Kernels) || IsIn(kernels, kAvx512Kernels)) return "";
  if (has_avx512) return "SkylakeX";
  return has_avx2 ? "Haswell" : "";
}

void RestartWithBetterBlasKernels(char** argv) {
  if (std::getenv(kVariable) != nullptr) return;
  const std::string better(BetterBlasKernels(BlasKernels(), HasAvx2(), HasAvx512()));
  if (better.empty() || setenv(kVariable, better.c_str(), 1) != 0) return;
  std::error_code error;
  // By its own name, not /proc/self/exe: that would be the process's name in ps.
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) execv(program.c_str(), argv);
}

}  // namespace plasa::trainer
