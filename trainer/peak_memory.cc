#include "trainer/peak_memory.h"

#include <fstream>
#include <string>

namespace plasa::trainer {

// Not getrusage: what it says includes the program that this one replaced in its process.
int64_t PeakMemoryBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    int64_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

}  // namespace plasa::trainer
