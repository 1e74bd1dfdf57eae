// Moving checkpoints between this machine and the coordinator, on a thread of its own: files are big, the loop must not
// wait.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "plasa/v1/model.pb.h"
#include "worker/artifact_door.h"
#include "worker/event_line.h"

namespace plasa::worker {

// Runs jobs one after another, away from the loop. Any thread may submit.
class Transfers {
 public:
  using Job = std::function<void(const Wanted& running)>;
  virtual ~Transfers() = default;
  virtual void Submit(Job job) = 0;
};

// Destruction ends the job at hand at its next chunk and drops the rest.
class TransferThread final : public Transfers {
 public:
  TransferThread();
  ~TransferThread() override;
  void Submit(Job job) override;

 private:
  void Run(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> jobs_;  // guarded by mutex_
  std::jthread thread_;   // last: starts when the rest is there
};

// Sends the checkpoint's files and then its MANIFEST. DATA_LOSS when the files on disk are not what was announced,
// CANCELLED when not wanted any more.
[[nodiscard]] absl::Status UploadCheckpoint(const ArtifactDoor& door, uint64_t token, const std::string& attempt_dir,
                                            const LocalCheckpoint& local, const Wanted& wanted);

// Puts the checkpoint into `to`: from another attempt's directory on this machine, else from the coordinator; verified.
[[nodiscard]] absl::Status FetchCheckpoint(const ArtifactDoor& door, const std::string& attempts_dir,
                                           const std::string& trial, const v1::Checkpoint& checkpoint,
                                           const std::string& to, const Wanted& wanted);

}  // namespace plasa::worker
