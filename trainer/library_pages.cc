#include "trainer/library_pages.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace plasa::trainer {
namespace {

// Whether relocations have changed what is not writable.
bool HasChangedText(const dl_phdr_info& library) {
  for (int i = 0; i < library.dlpi_phnum; ++i) {
    if (library.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(library.dlpi_addr + library.dlpi_phdr[i].p_vaddr);
    for (; entry->d_tag != DT_NULL; ++entry)
      if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0))
        return true;
  }
  return false;
}

int ReleaseOf(dl_phdr_info* library, size_t, void*) {
  const bool is_program = library->dlpi_name[0] == '\0';
  if (is_program || HasChangedText(*library)) return 0;
  const auto page = static_cast<ElfW(Addr)>(sysconf(_SC_PAGESIZE));
  for (int i = 0; i < library->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const ElfW(Addr) begin = (library->dlpi_addr + segment.p_vaddr) & ~(page - 1),
                     end = library->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    // Whether it succeeds is of no consequence: the kernel's own page of code refuses.
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void ReleaseLibraryPages() { dl_iterate_phdr(ReleaseOf, nullptr); }

}  // namespace plasa::trainer
