#include "coordinator/artifact_root.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/runtime/durable_file.h"

namespace plasa {
namespace {

namespace fs = std::filesystem;

absl::Status Rename(const std::string& from, const std::string& to) {
  return rename(from.c_str(), to.c_str()) == 0 ? absl::OkStatus() : FileError("move", from, errno);
}

bool IsThere(const std::string& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

// STATE/artifacts is replaced in two moves; a start that was cut off between them is ended here.
absl::Status EndLastMove(const std::string& here, const std::string& before) {
  if (!IsThere(before)) return absl::OkStatus();
  if (!IsThere(here)) return Rename(before, here);
  std::error_code error;
  fs::remove_all(before, error);
  return absl::OkStatus();
}

absl::Status CopyAll(const std::string& from, const std::string& to) {
  if (absl::Status made = MakeDirectories(to, 0700); !made.ok()) return made;
  std::error_code error;
  if (IsThere(from))
    fs::copy(from + "/", to, fs::copy_options::recursive | fs::copy_options::overwrite_existing, error);
  if (error) return FileError("copy artifacts to", to, error.value());
  sync();  // many files at once; the old ones go only after it
  return absl::OkStatus();
}

absl::Status LinkTo(const std::string& target, const std::string& here, const std::string& before) {
  const std::string link = here + ".link";
  std::error_code error;
  fs::remove(link, error);
  if (symlink(target.c_str(), link.c_str()) != 0) return FileError("link", link, errno);
  if (IsThere(here)) {
    if (absl::Status moved = Rename(here, before); !moved.ok()) return moved;
  }
  if (absl::Status moved = Rename(link, here); !moved.ok()) return moved;
  return SyncDirectory(fs::path(here).parent_path().string());
}

}  // namespace

absl::StatusOr<std::string> OpenArtifactRoot(const std::string& state_dir, const std::string& root,
                                             const std::string& fresh_name) {
  const std::string here = state_dir + "/artifacts", before = state_dir + "/artifacts.before";
  if (absl::Status ended = EndLastMove(here, before); !ended.ok()) return ended;
  std::error_code error;
  const bool linked = fs::is_symlink(fs::symlink_status(here, error));
  const fs::path target = linked ? fs::read_symlink(here, error) : fs::path();
  if (linked && !fs::is_directory(target, error))
    return absl::FailedPreconditionError(absl::StrCat(
        here, " leads to ", target.string(), ", which is not there (mount the shared directory, then start again)"));
  if (root.empty()) return target.filename().string();
  const fs::path shared = fs::absolute(root).lexically_normal();
  if (!fs::is_directory(shared, error))
    return absl::FailedPreconditionError(
        absl::StrCat("--artifact-root ", shared.string(), " is not a directory (make or mount it first)"));
  if (linked && target.parent_path() == shared) return target.filename().string();
  const std::string fresh = (shared / fresh_name).string();
  if (absl::Status copied = CopyAll(here, fresh); !copied.ok()) return copied;
  if (absl::Status done = LinkTo(fresh, here, before); !done.ok()) return done;
  if (absl::Status ended = EndLastMove(here, before); !ended.ok()) return ended;
  return fresh_name;
}

}  // namespace plasa
