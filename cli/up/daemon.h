// One daemon under the care of `plasactl up`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/up/process.h"

namespace plasa::cli {

struct DaemonSpec {
  std::string name;                    // "coordinator"
  std::vector<std::string> arguments;  // program first
  std::filesystem::path log;
  std::filesystem::path pid_file;
  std::filesystem::path directory = {};  // where it runs; empty: here
};

// A process that is ours, or that an earlier `up` left running. Owned by Supervisor; main thread only. Its destructor
// leaves the process alone: daemons outlive `up`.
class Daemon {
 public:
  explicit Daemon(DaemonSpec spec) : spec_(std::move(spec)) {}
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Takes over the living process of the pid file, else starts one.
  [[nodiscard]] absl::Status AdoptOrStart();
  [[nodiscard]] absl::Status Start();

  [[nodiscard]] const std::string& name() const { return spec_.name; }
  [[nodiscard]] int pid() const { return process_.pid; }
  [[nodiscard]] const ProcessIdentity& process() const { return process_; }
  [[nodiscard]] bool adopted() const { return adopted_; }
  // Readable once the process ended; for poll().
  [[nodiscard]] int pidfd() const { return pidfd_; }

  // Whether the process still runs; collects its exit status when it does not.
  [[nodiscard]] bool Running();
  // How it ended, for people: "exit code 1", "signal 9"; "" while it runs or where nobody can know.
  [[nodiscard]] const std::string& ending() const { return ending_; }
  // The exit code, or -1 where it was a signal or is unknown.
  [[nodiscard]] int exit_code() const { return exit_code_; }
  void Signal(int signal);
  // The last lines of its log.
  [[nodiscard]] std::string LogTail() const;

 private:
  absl::Status Hold(const ProcessIdentity& process);
  void Collect();

  const DaemonSpec spec_;
  ProcessIdentity process_;
  int pidfd_ = -1;
  bool adopted_ = false;
  std::string ending_;
  int exit_code_ = -1;
};

}  // namespace plasa::cli
