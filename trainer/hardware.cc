#include "trainer/hardware.h"

#include <ATen/Context.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sched.h>
#include <torch/csrc/api/include/torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "trainer/blas_kernels.h"

namespace plasa::trainer {
namespace {

// The note of type NT_GNU_BUILD_ID in one segment of notes, as hexadecimal digits.
std::string BuildIdIn(const char* notes, size_t size) {
  for (size_t at = 0; at + sizeof(ElfW(Nhdr)) <= size;) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes + at, sizeof note);
    const size_t name = at + sizeof note, bytes = name + ((note.n_namesz + 3u) & ~3u);
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(notes + name, "GNU", 4) == 0) {
      std::string text;
      for (size_t i = 0; i < note.n_descsz && i < 6; ++i) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(notes[bytes + i]));
        text += digits;
      }
      return text;
    }
    at = bytes + ((note.n_descsz + 3u) & ~3u);
  }
  return "";
}

// dl_iterate_phdr visits the program itself first; a non-zero return ends the walk there.
int FindBuildId(dl_phdr_info* info, size_t, void* out) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const std::string id = BuildIdIn(reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr), segment.p_memsz);
    if (!id.empty()) *static_cast<std::string*>(out) = id;
  }
  return 1;
}

std::string BuildId() {
  std::string id;
  dl_iterate_phdr(FindBuildId, &id);
  return id.empty() ? "unknown" : id;
}

// Value of the first line of `file` that starts with `key`, behind its colon.
std::string LineOf(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const size_t value = line.find_first_not_of(" \t", line.find(':') + 1);
    return value == std::string::npos ? "" : line.substr(value);
  }
  return "";
}

// The instruction set LibTorch's kernels chose, "AVX2" for example.
std::string InstructionSet() {
  const std::string config = at::show_config(), mark = "CPU capability usage: ";
  const size_t at = config.find(mark);
  if (at == std::string::npos) return "unknown ISA";
  const size_t start = at + mark.size();
  return config.substr(start, config.find('\n', start) - start);
}

// What the driver calls its cards, in order of their bus; LibTorch's CPU interface does not name them.
std::vector<std::string> CudaModels() {
  std::vector<std::string> models;
  std::error_code error;
  std::vector<std::filesystem::path> cards;
  for (const auto& card : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", error))
    cards.push_back(card.path());
  std::sort(cards.begin(), cards.end());
  for (const auto& card : cards) models.push_back(LineOf((card / "information").c_str(), "Model"));
  return models;
}

Device Cpu() {
  Device cpu{"cpu", "cpu", LineOf("/proc/cpuinfo", "model name"), 0, 1};
  if (cpu.model.empty()) cpu.model = "unknown CPU";
  cpu.memory_bytes = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) cpu.threads = CPU_COUNT(&allowed);
  return cpu;
}

}  // namespace

std::string BuildText() { return "plasa " PLASA_VERSION " libtorch " TORCH_VERSION " build " + BuildId(); }

std::vector<Device> Devices() {
  std::vector<Device> devices = {Cpu()};
  if (!at::hasCUDA()) return devices;
  const int count = static_cast<int>(at::detail::getCUDAHooks().getNumGPUs());
  auto models = CudaModels();
  models.resize(static_cast<size_t>(count), "CUDA device");
  for (int i = 0; i < count; ++i)
    devices.push_back({"cuda", "cuda:" + std::to_string(i), models[static_cast<size_t>(i)], 0, 1});
  return devices;
}

Result<Device> FindDevice(const std::string& name) {
  std::string known;
  for (const Device& device : Devices()) {
    if (device.name == name || (name == "cuda" && device.kind == "cuda")) return device;
    known += (known.empty() ? "" : ", ") + device.name;
  }
  return Error{"there is no device " + name + " here", "device", "this machine and this LibTorch have: " + known};
}

std::string BlasText() {
  const auto config = reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_config"));
  const auto parallel = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_parallel"));
  if (config == nullptr || parallel == nullptr) return "BLAS of LibTorch";
  const std::string text = config();
  const size_t version = text.find(' '), flavour = static_cast<size_t>(std::clamp(parallel(), 0, 2));
  constexpr const char* kFlavours[] = {" serial", " pthread", " openmp"};
  return text.substr(0, text.find(' ', version + 1)) + kFlavours[flavour] + " " + BlasKernels();
}

std::string HardwareClass(const Device& device, int threads) {
  return device.model + " " + InstructionSet() + " " + BlasText() + " threads=" + std::to_string(threads) + " " +
         BuildText();
}

}  // namespace plasa::trainer
