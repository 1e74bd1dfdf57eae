#include "trainer/library_pages.h"

#include <ATen/ops/ones.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <link.h>

#include <fstream>
#include <string>

namespace plasa::trainer {
namespace {

// Bytes of files that this process has mapped in.
int64_t MappedFileBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    int64_t kilobytes = 0;
    if (word == "RssFile:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

// Reads all that LibTorch has mapped of its file; returns its bytes.
int64_t ReadLibTorch() {
  const auto read = [](dl_phdr_info* library, size_t, void* bytes) {
    if (std::string(library->dlpi_name).find("libtorch_cpu") == std::string::npos) return 0;
    for (int i = 0; i < library->dlpi_phnum; ++i) {
      const ElfW(Phdr)& segment = library->dlpi_phdr[i];
      if (segment.p_type != PT_LOAD || segment.p_flags != (PF_R | PF_X)) continue;
      const auto* text = reinterpret_cast<const volatile char*>(library->dlpi_addr + segment.p_vaddr);
      for (size_t at = 0; at < segment.p_memsz; at += 4096) (void)text[at];
      *static_cast<int64_t*>(bytes) += static_cast<int64_t>(segment.p_memsz);
    }
    return 1;
  };
  int64_t bytes = 0;
  dl_iterate_phdr(read, &bytes);
  return bytes;
}

TEST(LibraryPages, LeaveTheProcessAndComeBackWhenTheyAreUsed) {
  const int64_t bytes = ReadLibTorch(), before = MappedFileBytes();
  ASSERT_GT(bytes, int64_t{16} << 20);
  ReleaseLibraryPages();
  EXPECT_LT(MappedFileBytes(), before - bytes / 2);
  EXPECT_EQ(at::ones({64, 64}).mm(at::ones({64, 64})).sum().item<float>(), 64 * 64 * 64);
}

}  // namespace
}  // namespace plasa::trainer
