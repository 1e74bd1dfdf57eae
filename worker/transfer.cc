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

absl::Status UploadCheckpoint(const ArtifactDoor& door, uint64_t token, const std::string& attempt_dir,
                              const LocalCheckpoint& local, const Wanted& wanted) {
  const std::string dir = attempt_dir + "/" + local.path;
  if (absl::Status verified = VerifyCheckpoint(dir, local.checkpoint); !verified.ok()) return verified;
  for (const v1::CheckpointFile& file : local.checkpoint.files()) {
    absl::Status sent = door.Send(token, dir + "/" + file.name(), file.sha256(), wanted);
    if (!sent.ok()) return sent;
  }
  return door.Send(token, absl::StrCat(dir, "/", kManifest), local.checkpoint.digest(), wanted);
}

absl::Status FetchCheckpoint(const ArtifactDoor& door, const std::string& attempts_dir, const std::string& trial,
                             const v1::Checkpoint& checkpoint, const std::string& to, const Wanted& wanted) {
  if (const auto local = FindCheckpoint(attempts_dir, trial, checkpoint)) {
    if (*local == to || LinkCheckpoint(*local, to, checkpoint).ok()) return absl::OkStatus();
  }
  std::error_code error;
  std::filesystem::create_directories(to, error);
  for (const v1::CheckpointFile& file : checkpoint.files()) {
    if (!IsPlainPath(file.name())) return absl::DataLossError("a checkpoint file's name leaves its directory");
    absl::Status got = door.Receive(file.sha256(), to + "/" + file.name(), wanted);
    if (!got.ok()) return got;
  }
  absl::Status got = door.Receive(checkpoint.digest(), absl::StrCat(to, "/", kManifest), wanted);
  return got.ok() ? VerifyCheckpoint(to, checkpoint) : got;
}

}  // namespace plasa::worker
