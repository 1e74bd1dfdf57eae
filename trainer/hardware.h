// What this process runs on. Equal hardware classes give equal bits.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/value.h"

namespace plasa::trainer {

// "plasa 0.1.0 libtorch 1.13.1 build 1a2b3c4d5e6f": the last part is the linker's build id of this program.
[[nodiscard]] std::string BuildText();

// One place a trainer can run on.
struct Device {
  std::string kind;   // "cpu", "cuda"
  std::string name;   // "cpu", "cuda:0"
  std::string model;  // "AMD EPYC", "NVIDIA H100 ..."
  uint64_t memory_bytes = 0;
  int threads = 1;  // processors of a CPU; 1 for others
};

// The CPU first, then CUDA devices in order.
[[nodiscard]] std::vector<Device> Devices();

// The device called `name`; "cuda" is the first CUDA device. Fails, naming what is here.
[[nodiscard]] Result<Device> FindDevice(const std::string& name);

// The library of float products that is loaded, and its kernels: "OpenBLAS 0.3.21 openmp SkylakeX" for example. Both
// differ in speed and in the last digits.
[[nodiscard]] std::string BlasText();

// Device model, instruction set, threads and build: checkpoints resume bit for bit where this text is equal.
[[nodiscard]] std::string HardwareClass(const Device& device, int threads);

}  // namespace plasa::trainer
