#include "coordinator/artifacts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/runtime/artifact_path.h"
#include "common/runtime/durable_file.h"
#include "common/runtime/unique_fd.h"

namespace plasa {
namespace {

namespace fs = std::filesystem;

constexpr auto kUploadLifetime = std::chrono::hours(24);
constexpr uint32_t kDefaultChunk = 1 << 20;
constexpr uint32_t kMaxChunk = 3 << 20;  // with its envelope below the 4 MiB of a message

absl::Status WrongDigest() { return absl::InvalidArgumentError("sha256 must be 64 lower-case hexadecimal digits"); }

// -1 when there is no such file.
int64_t SizeOf(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? info.st_size : -1;
}

absl::Status AppendAt(const std::string& path, uint64_t offset, absl::string_view data) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return FileError("write", path, errno);
  size_t done = 0;
  while (done < data.size()) {
    const ssize_t wrote = pwrite(fd.get(), data.data() + done, data.size() - done, static_cast<off_t>(offset + done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      const int reason = errno;
      // What did not fit is cut off again, so that the upload stands at a known place.
      return ftruncate(fd.get(), static_cast<off_t>(offset)) == 0 ? FileError("write", path, reason)
                                                                  : FileError("cut", path, errno);
    }
    done += static_cast<size_t>(wrote);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> DigestOfFile(const UniqueFd& fd, const std::string& path) {
  Sha256 digest;
  std::string buffer(1 << 18, '\0');
  for (;;) {
    const ssize_t got = read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError("read", path, errno);
    if (got == 0) return digest.Hex();
    digest.Update(buffer.data(), static_cast<size_t>(got));
  }
}

}  // namespace

class Artifacts::Turn {
 public:
  Turn(Artifacts& artifacts, const std::string& sha256) : artifacts_(artifacts), sha256_(sha256) {
    const std::lock_guard lock(artifacts_.mutex_);
    taken_ = artifacts_.busy_.insert(sha256_).second;
  }
  ~Turn() {
    if (!taken_) return;
    const std::lock_guard lock(artifacts_.mutex_);
    artifacts_.busy_.erase(sha256_);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  [[nodiscard]] bool taken() const { return taken_; }

 private:
  Artifacts& artifacts_;
  const std::string sha256_;
  bool taken_ = false;
};

std::string Artifacts::PathOf(const std::string& sha256) const { return ArtifactPath(root_, sha256); }

// With its size: a sender who is wrong about that is in nobody's way.
std::string Artifacts::PartialOf(const std::string& sha256, uint64_t size) const {
  return absl::StrCat(root_, "/partial/", sha256, "-", size);
}

absl::Status Artifacts::Open(const std::set<std::string>& referenced) {
  if (absl::Status made = MakeDirectories(root_ + "/partial", 0700); !made.ok()) return made;
  RemoveOldUploads();
  RemoveOrphans(referenced);
  return absl::OkStatus();
}

void Artifacts::RemoveOldUploads() const {
  std::error_code error;
  const auto limit = fs::file_time_type::clock::now() - kUploadLifetime;
  for (const fs::directory_entry& entry : fs::directory_iterator(root_ + "/partial", error)) {
    if (entry.last_write_time(error) < limit) fs::remove(entry.path(), error);
  }
}

void Artifacts::RemoveOrphans(const std::set<std::string>& referenced) const {
  std::error_code error;
  for (const fs::directory_entry& shelf : fs::directory_iterator(root_, error)) {
    if (shelf.path().filename().string().size() != 2) continue;
    for (const fs::directory_entry& entry : fs::directory_iterator(shelf.path(), error)) {
      if (referenced.count(entry.path().filename().string()) == 0) fs::remove(entry.path(), error);
    }
  }
}

absl::StatusOr<Artifacts::Progress> Artifacts::Put(const std::string& sha256, uint64_t size, uint64_t offset,
                                                   absl::string_view data) {
  if (!IsSha256Hex(sha256)) return WrongDigest();
  if (size > max_bytes_)
    return absl::InvalidArgumentError(absl::StrCat("a file of ", size, " bytes is above the limit of ", max_bytes_));
  if (offset > size || data.size() > size - offset)
    return absl::InvalidArgumentError("the chunk goes beyond the size of the file");
  const Turn turn(*this, sha256);
  if (!turn.taken()) return absl::UnavailableError("this file is being uploaded by another call; try again");
  if (Has(sha256, size)) return Progress{size, true};
  const std::string partial = PartialOf(sha256, size);
  uint64_t have = static_cast<uint64_t>(std::max<int64_t>(SizeOf(partial), 0));
  if (have < size) {  // else only the end is missing: it failed, or the coordinator died before it
    if (offset != have) return Progress{have, false};
    if (absl::Status written = AppendAt(partial, offset, data); !written.ok()) return written;
    have += data.size();
  }
  if (have < size) return Progress{have, false};
  if (absl::Status finished = Finish(sha256, partial); !finished.ok()) return finished;
  return Progress{size, true};
}

absl::Status Artifacts::Finish(const std::string& sha256, const std::string& partial) const {
  const UniqueFd fd(open(partial.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));  // made here when it is empty
  if (!fd) return FileError("open", partial, errno);
  const absl::StatusOr<std::string> digest = DigestOfFile(fd, partial);
  if (!digest.ok()) return digest.status();
  if (*digest != sha256) {
    unlink(partial.c_str());
    return absl::DataLossError("the uploaded file does not have its digest; send it again from the start");
  }
  if (fsync(fd.get()) != 0) {
    const int reason = errno;
    unlink(partial.c_str());  // a second fsync would succeed without having written what the first could not
    return FileError("sync", partial, reason);
  }
  const std::string path = PathOf(sha256);
  const std::string shelf = fs::path(path).parent_path().string();
  if (absl::Status made = MakeDirectories(shelf, 0700); !made.ok()) return made;
  if (rename(partial.c_str(), path.c_str()) != 0) return FileError("rename", partial, errno);
  absl::Status synced = SyncDirectory(shelf);
  if (synced.ok()) synced = SyncDirectory(root_);
  if (!synced.ok()) unlink(path.c_str());  // what is found there counts as stored
  return synced;
}

absl::StatusOr<Artifacts::Chunk> Artifacts::Get(const std::string& sha256, uint64_t offset, uint32_t max_bytes) const {
  if (!IsSha256Hex(sha256)) return WrongDigest();
  const std::string path = PathOf(sha256);
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd)
    return errno == ENOENT ? absl::NotFoundError(absl::StrCat("no artifact ", sha256)) : FileError("read", path, errno);
  const uint32_t want = std::min(max_bytes == 0 ? kDefaultChunk : max_bytes, kMaxChunk);
  Chunk chunk;
  chunk.size = static_cast<uint64_t>(std::max<int64_t>(SizeOf(path), 0));
  if (offset >= chunk.size) return chunk;
  chunk.data.resize(std::min<uint64_t>(want, chunk.size - offset));
  const ssize_t got = pread(fd.get(), chunk.data.data(), chunk.data.size(), static_cast<off_t>(offset));
  if (got < 0) return FileError("read", path, errno);
  chunk.data.resize(static_cast<size_t>(got));
  return chunk;
}

bool Artifacts::Has(const std::string& sha256) const { return IsSha256Hex(sha256) && SizeOf(PathOf(sha256)) >= 0; }

bool Artifacts::Has(const std::string& sha256, uint64_t size) const {
  return IsSha256Hex(sha256) && SizeOf(PathOf(sha256)) == static_cast<int64_t>(size);
}

void Artifacts::Pin(const std::vector<std::string>& digests) {
  const std::lock_guard lock(mutex_);
  for (const std::string& digest : digests) ++pins_[digest];
}

void Artifacts::Unpin(const std::vector<std::string>& digests) {
  const std::lock_guard lock(mutex_);
  for (const std::string& digest : digests) {
    const auto pin = pins_.find(digest);
    if (pin != pins_.end() && --pin->second == 0) pins_.erase(pin);
  }
}

void Artifacts::Remove(const std::vector<std::string>& digests) {
  const std::lock_guard lock(mutex_);
  for (const std::string& digest : digests) {
    if (IsSha256Hex(digest) && pins_.count(digest) == 0) unlink(PathOf(digest).c_str());
  }
}

}  // namespace plasa
