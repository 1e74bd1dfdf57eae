// Which process, exactly: a pid alone is reused, so it is always held together with its start time and the boot it ran
// in.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace plasa::shim {

struct ProcessIdentity {
  pid_t pid = 0;
  uint64_t start_time = 0;  // field 22 of /proc/PID/stat: clock ticks since boot
  std::string boot_id;

  // {"boot_id":"…","pid":1,"start_time":2}
  [[nodiscard]] std::string Json() const;
  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

// The kernel's id of this boot; "unknown" where /proc does not say.
[[nodiscard]] std::string BootId();

// The process that has this pid now; nullopt when there is none (a zombie counts as none).
[[nodiscard]] std::optional<ProcessIdentity> IdentityOf(pid_t pid);

// True while exactly this process lives.
[[nodiscard]] bool IsAlive(const ProcessIdentity& identity);

// SIGKILL to every process of the session that `leader` led. Does nothing when the pid now belongs to another process
// or when `leader` is of another boot. Returns how many were killed.
int KillSession(const ProcessIdentity& leader);

}  // namespace plasa::shim
