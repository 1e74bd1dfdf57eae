#include "trainer/probe.h"

#include "common/experiment/results_version.h"
#include "trainer/hardware.h"

namespace plasa::trainer {

Value Probe() {
  Value::List devices;
  for (const Device& device : Devices()) {
    devices.push_back(Value::Object{{"kind", device.kind},
                                    {"name", device.name},
                                    {"model", device.model},
                                    {"memory_bytes", device.memory_bytes},
                                    {"hardware_class", HardwareClass(device, 1)},
                                    {"threads", device.threads}});
  }
  return Value::Object{{"v", 1},
                       {"devices", std::move(devices)},
                       {"build", BuildText()},
                       {"blas", BlasText()},
                       {"results_version", kResultsVersion}};
}

}  // namespace plasa::trainer
