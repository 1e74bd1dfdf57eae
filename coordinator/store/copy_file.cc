#include "coordinator/store/copy_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/runtime/durable_file.h"

namespace plasa::store {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBufferBytes = 1 << 18;

absl::Status WriteAll(const UniqueFd& fd, absl::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(fd.get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return FileError("write", path, errno);
    bytes.remove_prefix(static_cast<size_t>(wrote));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<UniqueFd> OpenToRead(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return FileError("read", path, errno);
  return fd;
}

absl::StatusOr<CopiedFile> CopyFile(const UniqueFd& from, const std::string& from_path, const std::string& to) {
  const UniqueFd fd(open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return FileError("write", to, errno);
  CopiedFile copied;
  Sha256 digest;
  std::string buffer(kBufferBytes, '\0');
  for (;;) {
    const ssize_t got = read(from.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError("read", from_path, errno);
    if (got == 0) break;
    const absl::string_view bytes(buffer.data(), static_cast<size_t>(got));
    digest.Update(bytes.data(), bytes.size());
    copied.bytes += bytes.size();
    if (absl::Status written = WriteAll(fd, bytes, to); !written.ok()) return written;
  }
  if (fsync(fd.get()) != 0) return FileError("sync", to, errno);
  copied.sha256 = digest.Hex();
  return copied;
}

absl::Status CopyFilesOf(const std::string& from, const std::string& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return absl::OkStatus();
  if (absl::Status made = MakeDirectories(to, 0700); !made.ok()) return made;
  for (const fs::directory_entry& entry : fs::directory_iterator(from, error)) {
    if (!entry.is_regular_file(error)) continue;
    const auto file = OpenToRead(entry.path().string());
    if (!file.ok()) return file.status();
    const auto copied = CopyFile(*file, entry.path().string(), (fs::path(to) / entry.path().filename()).string());
    if (!copied.ok()) return copied.status();
  }
  return error ? FileError("read", from, error.value()) : absl::OkStatus();
}

absl::Status SyncTree(const std::string& directory) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory, error)) {
    if (!entry.is_directory(error)) continue;
    if (absl::Status synced = SyncDirectory(entry.path().string()); !synced.ok()) return synced;
  }
  return error ? FileError("read", directory, error.value()) : SyncDirectory(directory);
}

}  // namespace plasa::store
