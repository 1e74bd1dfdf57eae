#include "worker/linux_machine.h"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <utility>

#include "worker/attempt_dir.h"
#include "worker/shim_link.h"

namespace plasa::worker {

LinuxMachine::LinuxMachine(Loop& loop, const StateDir& state, std::string shim_program)
    : loop_(loop), state_(state), shim_program_(std::move(shim_program)), watch_(loop) {}

std::unique_ptr<SlotLink> LinuxMachine::MakeLink(int slot, SlotLink::Handlers handlers) {
  return std::make_unique<ShimLink>(loop_, state_.SlotDir(slot), shim_program_, std::move(handlers));
}

int LinuxMachine::WatchFile(const std::string& path, std::function<void()> on_change) {
  return watch_.Add(path, std::move(on_change));
}

void LinuxMachine::KillLeftovers(const std::string& attempt_dir) {
  if (const auto trainer = ReadTrainer(attempt_dir)) shim::KillSession(*trainer);
}

uint64_t LinuxMachine::RunningForMs(const std::string& attempt_dir) const {
  const std::optional<shim::ProcessIdentity> trainer = ReadTrainer(attempt_dir);
  std::ifstream file("/proc/uptime");
  double uptime_s = 0;
  if (!trainer || !(file >> uptime_s)) return 0;
  const double started_s = static_cast<double>(trainer->start_time) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return uptime_s > started_s ? static_cast<uint64_t>((uptime_s - started_s) * 1000) : 0;
}

double LinuxMachine::UnixSeconds() const {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace plasa::worker
