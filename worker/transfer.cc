#include "worker/transfer.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/plain_path.h"
#include "worker/checkpoint_files.h"
#include "worker/core/backoff.h"

namespace plasa::worker {
namespace {

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

absl::Status UploadFile(Fleet& fleet, uint64_t token, const std::string& path, const std::string& sha256,
                        const Wanted& wanted) {
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
    const auto reply = Persist<v1::PutChunkReply>(wanted, [&] { return fleet.PutChunk(request); });
    if (!reply.ok()) return reply.status();
    if (reply->complete()) return absl::OkStatus();
    if (reply->next_offset() >= request.size())
      return absl::InternalError(absl::StrCat(path, " was not accepted whole"));
    request.set_offset(reply->next_offset());
  }
}

}  // namespace

TransferThread::TransferThread() : thread_([this](const std::stop_token& stop) { Run(stop); }) {}

TransferThread::~TransferThread() {
  thread_.request_stop();
  thread_.join();
}

void TransferThread::Submit(Job job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  changed_.notify_one();
}

void TransferThread::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !jobs_.empty(); })) {
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job([&stop] { return !stop.stop_requested(); });
    lock.lock();
  }
}

absl::Status UploadCheckpoint(Fleet& fleet, uint64_t token, const std::string& attempt_dir,
                              const LocalCheckpoint& local, const Wanted& wanted) {
  const std::string dir = attempt_dir + "/" + local.path;
  if (absl::Status verified = VerifyCheckpoint(dir, local.checkpoint); !verified.ok()) return verified;
  for (const v1::CheckpointFile& file : local.checkpoint.files()) {
    absl::Status sent = UploadFile(fleet, token, dir + "/" + file.name(), file.sha256(), wanted);
    if (!sent.ok()) return sent;
  }
  return UploadFile(fleet, token, absl::StrCat(dir, "/", kManifest), local.checkpoint.digest(), wanted);
}

absl::Status DownloadFile(Fleet& fleet, const std::string& sha256, const std::string& path, const Wanted& wanted) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  v1::GetChunkRequest request;
  request.set_sha256(sha256);
  request.set_max_bytes(kChunkBytes);
  uint64_t size = 1;
  while (request.offset() < size) {
    const auto reply = Persist<v1::GetChunkReply>(wanted, [&] { return fleet.GetChunk(request); });
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

absl::Status FetchCheckpoint(Fleet& fleet, const std::string& attempts_dir, const std::string& trial,
                             const v1::Checkpoint& checkpoint, const std::string& to, const Wanted& wanted) {
  if (const auto local = FindCheckpoint(attempts_dir, trial, checkpoint)) {
    if (*local == to || LinkCheckpoint(*local, to, checkpoint).ok()) return absl::OkStatus();
  }
  std::error_code error;
  std::filesystem::create_directories(to, error);
  for (const v1::CheckpointFile& file : checkpoint.files()) {
    if (!IsPlainPath(file.name())) return absl::DataLossError("a checkpoint file's name leaves its directory");
    absl::Status got = DownloadFile(fleet, file.sha256(), to + "/" + file.name(), wanted);
    if (!got.ok()) return got;
  }
  absl::Status got = DownloadFile(fleet, checkpoint.digest(), absl::StrCat(to, "/", kManifest), wanted);
  return got.ok() ? VerifyCheckpoint(to, checkpoint) : got;
}

}  // namespace plasa::worker
