#include "worker/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "worker/json_file.h"
#include "worker/shim/exit_file.h"

namespace plasa::worker {

namespace fs = std::filesystem;

absl::StatusOr<StateDir> StateDir::Open(const std::string& state) {
  std::error_code error;
  const std::string root = fs::absolute(state, error).lexically_normal().string() + "/worker";
  fs::create_directories(root + "/slots", error);
  if (!error) fs::create_directories(root + "/attempts", error);
  if (error) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot make the worker's directory ", root, ": ", error.message(), " (choose another --state)"));
  }
  const int fd = open((root + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return absl::PermissionDeniedError(absl::StrCat("cannot open ", root, "/lock: ", strerror(errno)));
  StateDir dir(root, fd);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("another plasa-worker runs on ", root, " (stop it, or give this one its own --state)"));
  }
  if (absl::Status id = dir.ReadOrMakeId(); !id.ok()) return id;
  return dir;
}

StateDir::StateDir(StateDir&& other) noexcept
    : root_(std::move(other.root_)),
      lock_fd_(std::exchange(other.lock_fd_, -1)),
      worker_id_(std::move(other.worker_id_)) {}

StateDir::~StateDir() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

absl::Status StateDir::ReadOrMakeId() {
  if (const auto file = ReadJsonFile(root_ + "/worker.json")) worker_id_ = TextOr(*file, "id", "");
  if (worker_id_.size() == 16) return absl::OkStatus();
  char bytes[8];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
    return absl::InternalError("no random numbers from the kernel");
  worker_id_ = absl::BytesToHexString(absl::string_view(bytes, sizeof bytes));
  if (shim::WriteFile(root_, "worker.json", absl::StrCat("{\"v\":1,\"id\":\"", worker_id_, "\"}\n")))
    return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat("cannot write ", root_, "/worker.json: ", strerror(errno)));
}

std::string StateDir::AttemptDir(const std::string& trial, uint64_t token) const {
  return absl::StrCat(AttemptsDir(), "/", trial, "-", token);
}

std::vector<std::string> StateDir::ListAttempts() const {
  std::vector<std::string> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(AttemptsDir(), error)) {
    if (entry.is_directory(error)) found.push_back(entry.path().string());
  }
  return found;
}

}  // namespace plasa::worker
