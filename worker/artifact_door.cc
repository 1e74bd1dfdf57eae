#include "worker/artifact_door.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/runtime/artifact_path.h"
#include "common/runtime/durable_file.h"
#include "common/runtime/unique_fd.h"
#include "worker/checkpoint_files.h"
#include "worker/core/backoff.h"
#include "worker/log.h"

namespace plasa::worker {
namespace {

namespace fs = std::filesystem;

constexpr size_t kChunkBytes = 1 << 20;

bool MayRetry(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) || absl::IsDeadlineExceeded(status);
}

// Calls until it succeeds, fails for good, or nobody wants it any more.
template <class Reply>
absl::StatusOr<Reply> Persist(const Wanted& wanted, const std::function<absl::StatusOr<Reply>()>& call) {
  core::Backoff backoff;
  while (wanted()) {
    absl::StatusOr<Reply> reply = call();
    if (reply.ok() || !MayRetry(reply.status())) return reply;
    std::this_thread::sleep_for(std::chrono::milliseconds(backoff.NextDelayMs()));
  }
  return absl::CancelledError("not wanted any more");
}

absl::Status SyncFile(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return fd && fsync(fd.get()) == 0 ? absl::OkStatus() : FileError("sync", path, errno);
}

absl::Status CopyTo(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  return error ? FileError("copy to", to, error.value()) : absl::OkStatus();
}

}  // namespace

absl::Status ArtifactDoor::Send(uint64_t token, const std::string& path, const std::string& sha256,
                                const Wanted& wanted) const {
  if (shared_.empty()) return Upload(token, path, sha256, wanted);
  const absl::Status placed = Place(token, path, sha256);
  if (placed.ok() || absl::IsDataLoss(placed)) return placed;
  LogWarning("cannot write the shared artifacts; uploading", {{"why", std::string(placed.message())}});
  return Upload(token, path, sha256, wanted);
}

absl::Status ArtifactDoor::Receive(const std::string& sha256, const std::string& path, const Wanted& wanted) const {
  if (!shared_.empty() && CopyTo(ArtifactPath(shared_, sha256), path).ok()) return absl::OkStatus();
  return Download(sha256, path, wanted);
}

absl::Status ArtifactDoor::Place(uint64_t token, const std::string& path, const std::string& sha256) const {
  const std::string to = ArtifactPath(shared_, sha256),
                    partial = absl::StrCat(shared_, "/partial/", sha256, ".", token);
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return absl::DataLossError(absl::StrCat(path, " cannot be read"));
  if (fs::file_size(to, error) == size && !error) return absl::OkStatus();
  if (absl::Status copied = CopyTo(path, partial); !copied.ok()) return copied;
  if (absl::Status synced = SyncFile(partial); !synced.ok()) return synced;
  if (absl::Status verified = VerifyFile(partial, sha256); !verified.ok()) {
    fs::remove(partial, error);
    return verified;
  }
  const std::string shelf = fs::path(to).parent_path().string();
  if (absl::Status made = MakeDirectories(shelf, 0700); !made.ok()) return made;
  fs::rename(partial, to, error);
  if (error) return FileError("rename", partial, error.value());
  if (absl::Status synced = SyncDirectory(shelf); !synced.ok()) return synced;
  return SyncDirectory(shared_);
}

absl::Status ArtifactDoor::Upload(uint64_t token, const std::string& path, const std::string& sha256,
                                  const Wanted& wanted) const {
  const absl::Status sent = UploadOnce(token, path, sha256, wanted);
  return absl::IsDataLoss(sent) ? UploadOnce(token, path, sha256, wanted) : sent;
}

absl::Status ArtifactDoor::UploadOnce(uint64_t token, const std::string& path, const std::string& sha256,
                                      const Wanted& wanted) const {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return absl::DataLossError(absl::StrCat(path, " cannot be read"));
  v1::PutChunkRequest request;
  request.set_token(token);
  request.set_sha256(sha256);
  request.set_size(static_cast<uint64_t>(file.tellg()));
  std::string bytes;
  while (true) {
    bytes.resize(std::min<uint64_t>(kChunkBytes, request.size() - request.offset()));
    file.seekg(static_cast<std::streamoff>(request.offset()));
    if (!bytes.empty() && !file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
      return absl::DataLossError(absl::StrCat(path, " became shorter"));
    }
    request.set_data(bytes);
    const auto reply = Persist<v1::PutChunkReply>(wanted, [&] { return fleet_.PutChunk(request); });
    if (!reply.ok()) return reply.status();
    if (reply->complete()) return absl::OkStatus();
    if (reply->next_offset() >= request.size())
      return absl::InternalError(absl::StrCat(path, " was not accepted whole"));
    request.set_offset(reply->next_offset());
  }
}

absl::Status ArtifactDoor::Download(const std::string& sha256, const std::string& path, const Wanted& wanted) const {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  v1::GetChunkRequest request;
  request.set_sha256(sha256);
  request.set_max_bytes(kChunkBytes);
  uint64_t size = 1;
  while (request.offset() < size) {
    const auto reply = Persist<v1::GetChunkReply>(wanted, [&] { return fleet_.GetChunk(request); });
    if (!reply.ok()) return reply.status();
    size = reply->size();
    if (reply->data().empty() && request.offset() < size)
      return absl::DataLossError("the coordinator's copy is shorter than it says");
    file.write(reply->data().data(), static_cast<std::streamsize>(reply->data().size()));
    request.set_offset(request.offset() + reply->data().size());
  }
  file.close();
  return file ? absl::OkStatus() : absl::ResourceExhaustedError(absl::StrCat("cannot write ", path));
}

}  // namespace plasa::worker
