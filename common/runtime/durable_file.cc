#include "common/runtime/durable_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/runtime/unique_fd.h"

namespace plasa {
namespace {

absl::StatusCode CodeOf(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return absl::StatusCode::kResourceExhausted;
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::StatusCode::kPermissionDenied;
    case ENOENT:
      return absl::StatusCode::kNotFound;
    default:
      return absl::StatusCode::kInternal;
  }
}

absl::Status WriteAll(int fd, absl::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError("write", path, errno);
    text.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(fd) == 0 ? absl::OkStatus() : FileError("sync", path, errno);
}

absl::Status WriteNew(const std::string& path, absl::string_view text, mode_t mode) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!fd) return FileError("write", path, errno);
  if (fchmod(fd.get(), mode) != 0) return FileError("change the mode of", path, errno);
  return WriteAll(fd.get(), text, path);
}

}  // namespace

absl::Status FileError(absl::string_view verb, absl::string_view path, int error_number) {
  return absl::Status(CodeOf(error_number), absl::StrCat("cannot ", verb, " ", path, ": ", strerror(error_number)));
}

absl::Status WriteFileDurably(const std::string& path, absl::string_view text, mode_t mode) {
  const std::string temporary = absl::StrCat(path, ".", getpid(), ".tmp");
  if (absl::Status status = WriteNew(temporary, text, mode); !status.ok()) {
    unlink(temporary.c_str());
    return status;
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) return FileError("replace", path, errno);
  return SyncDirectory(std::filesystem::path(path).parent_path().string());
}

absl::Status SyncDirectory(const std::string& directory) {
  const std::string path = directory.empty() ? "." : directory;
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return FileError("open", path, errno);
  return fsync(fd.get()) == 0 ? absl::OkStatus() : FileError("sync", path, errno);
}

absl::Status MakeDirectories(const std::string& path, mode_t mode) {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (error) return FileError("make", parent.string(), error.value());
  if (mkdir(path.c_str(), mode) == 0) return absl::OkStatus();
  const int reason = errno;
  if (reason == EEXIST && std::filesystem::is_directory(path, error)) return absl::OkStatus();
  return FileError("make", path, reason == EEXIST ? ENOTDIR : reason);
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return FileError("read", path, errno);
  std::string text;
  char buffer[16384];
  for (;;) {
    const ssize_t got = read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError("read", path, errno);
    if (got == 0) return text;
    text.append(buffer, static_cast<size_t>(got));
  }
}

}  // namespace plasa
