// The worker's directory: who it is, its slots and its attempts. docs/trainer-interface.md shows the layout.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace plasa::worker {

// Held by the daemon for as long as it lives: a second daemon on the same directory is refused.
class StateDir {
 public:
  // Makes STATE/worker where it is missing, locks it and reads or makes the worker's id. FAILED_PRECONDITION when
  // another daemon has it, PERMISSION_DENIED when it cannot be written; the message says how to mend it.
  [[nodiscard]] static absl::StatusOr<StateDir> Open(const std::string& state);
  StateDir(StateDir&& other) noexcept;
  StateDir& operator=(StateDir&&) = delete;
  ~StateDir();

  [[nodiscard]] const std::string& worker_id() const { return worker_id_; }
  [[nodiscard]] std::string SlotDir(int slot) const { return root_ + "/slots/" + std::to_string(slot); }
  [[nodiscard]] std::string AttemptsDir() const { return root_ + "/attempts"; }
  [[nodiscard]] std::string DataDir() const { return root_ + "/data"; }
  [[nodiscard]] std::string AttemptDir(const std::string& trial, uint64_t token) const;
  // Every directory under attempts/, whole paths.
  [[nodiscard]] std::vector<std::string> ListAttempts() const;

 private:
  StateDir(std::string root, int lock_fd) : root_(std::move(root)), lock_fd_(lock_fd) {}
  [[nodiscard]] absl::Status ReadOrMakeId();

  std::string root_;  // absolute
  int lock_fd_;
  std::string worker_id_;
};

}  // namespace plasa::worker
