#include "coordinator/store/restore_switch.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/runtime/durable_file.h"
#include "coordinator/store/database_file.h"

namespace plasa::store {
namespace {

namespace fs = std::filesystem;

bool IsThere(const std::string& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

absl::Status Rename(const std::string& from, const std::string& to) {
  return rename(from.c_str(), to.c_str()) == 0 ? absl::OkStatus() : FileError("move", from, errno);
}

// Moves one name after the other. The database goes last, so that it is still missing in the ready directory only when
// everything else is in place.
class Mover {
 public:
  explicit Mover(std::string state_dir) : state_dir_(std::move(state_dir)), ready_(ReadyToRestorePath(state_dir_)) {}

  absl::Status MoveAll() {
    absl::Status moved;
    for (const char* name : {"artifacts", "tokens", "endpoints.json"}) {
      if (moved.ok()) moved = Replace(name);
    }
    if (moved.ok() && IsThere(ready_ + "/plasa.db")) {
      // What was written after the old database's last checkpoint belongs to it.
      for (const char* name : {"plasa.db-wal", "plasa.db-shm"}) {
        if (moved.ok()) moved = MoveAside(name);
      }
      if (moved.ok()) moved = Replace("plasa.db");
    }
    return moved.ok() ? End() : moved;
  }

  [[nodiscard]] const std::string& aside() const { return aside_; }

 private:
  absl::Status Replace(const std::string& name) {
    if (!IsThere(ready_ + "/" + name)) return absl::OkStatus();
    absl::Status moved = MoveAside(name);
    return moved.ok() ? Rename(ready_ + "/" + name, state_dir_ + "/" + name) : moved;
  }

  absl::Status MoveAside(const std::string& name) {
    if (!IsThere(state_dir_ + "/" + name)) return absl::OkStatus();
    if (absl::Status made = MakeAside(); !made.ok()) return made;
    return Rename(state_dir_ + "/" + name, aside_ + "/" + name);
  }

  absl::Status MakeAside() {
    for (int number = 1; aside_.empty(); ++number) {
      const std::string path = absl::StrCat(state_dir_, "/replaced-", number);
      if (mkdir(path.c_str(), 0700) == 0) aside_ = path;
      if (aside_.empty() && errno != EEXIST) return FileError("make", path, errno);
    }
    return absl::OkStatus();
  }

  absl::Status End() {
    absl::Status synced = aside_.empty() ? absl::OkStatus() : SyncDirectory(aside_);
    if (synced.ok()) synced = SyncDirectory(state_dir_);
    if (!synced.ok()) return synced;
    std::error_code error;
    fs::remove_all(ready_, error);
    return error ? FileError("remove", ready_, error.value()) : SyncDirectory(state_dir_);
  }

  const std::string state_dir_;
  const std::string ready_;
  std::string aside_;
};

}  // namespace

absl::StatusOr<std::string> MoveIntoPlace(const std::string& state_dir) {
  Mover mover(state_dir);
  if (absl::Status moved = mover.MoveAll(); !moved.ok()) return moved;
  return mover.aside();
}

}  // namespace plasa::store
