// Processes by identity: a pid alone may name another process by now.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace plasa::cli {

// A process: its number and the moment it started (clock ticks since boot, /proc/PID/stat).
struct ProcessIdentity {
  int pid = 0;
  uint64_t start_time = 0;

  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

// The process of that number as it is now; nullopt where there is none or it is a zombie.
[[nodiscard]] std::optional<ProcessIdentity> IdentifyProcess(int pid);

// Sends `signal` to that very process; false when it has ended.
bool SignalProcess(const ProcessIdentity& process, int signal);

// Processes whose parent ends become children of this one from now on, so that EndChildren finds them.
void AdoptOrphans();

// SIGKILL to all children of this process and, with AdoptOrphans, to all that they started; returns when none is left.
void EndChildren();

// A pid file names a process only while that very process lives.
[[nodiscard]] std::optional<ProcessIdentity> ReadPidFile(const std::filesystem::path& file);
[[nodiscard]] absl::Status WritePidFile(const std::filesystem::path& file, const ProcessIdentity& process);

// Starts `arguments[0]` in a session of its own with standard input closed and output appended to `log`, in `directory`
// where one is named. Never forks a copy of this process, so it is safe beside gRPC's threads.
[[nodiscard]] absl::StatusOr<ProcessIdentity> Spawn(const std::vector<std::string>& arguments,
                                                    const std::filesystem::path& log,
                                                    const std::filesystem::path& directory = {});

// The directory of this executable.
[[nodiscard]] std::filesystem::path ProgramDirectory();

// An exclusive lock on a file, released with the object or the process.
class FileLock {
 public:
  // FAILED_PRECONDITION where another process holds it.
  [[nodiscard]] static absl::StatusOr<FileLock> Take(const std::filesystem::path& file);
  FileLock(FileLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace plasa::cli
