// Gets an attempt's newest checkpoint to the coordinator: upload, wait until its events are acknowledged, publish.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "worker/core/backoff.h"
#include "worker/event_line.h"
#include "worker/fleet.h"
#include "worker/scheduler.h"
#include "worker/transfer.h"

namespace plasa::worker {

// Owned by an Attempt; loop thread only. Held by shared_ptr because transfers may outlast it. A checkpoint that is
// superseded before its upload began is skipped.
class CheckpointPublisher : public std::enable_shared_from_this<CheckpointPublisher> {
 public:
  struct Doors {
    Scheduler& loop;
    Fleet& fleet;
    Transfers& transfer;
    std::function<ArtifactDoor()> artifacts;
    std::function<void(v1::PublishRequest&)> stamp;  // worker id and session
    std::function<void()> on_idle;
  };

  CheckpointPublisher(Doors doors, uint64_t token, std::string attempt_dir);

  // One that was offered last is not taken again, unless acknowledged events were lost since.
  void Offer(LocalCheckpoint checkpoint);
  void OnAcknowledged(uint64_t seq);
  // Nothing is on its way.
  [[nodiscard]] bool Idle() const { return !newest_ && !current_; }
  // The attempt is over: what is on its way is dropped and on_idle is not called again.
  void Abandon();

 private:
  void UploadNext();
  void OnUploaded(const absl::Status& status);
  void PublishWhenDue();
  void OnPublished(const absl::StatusOr<v1::PublishReply>& reply);

  const Doors doors_;
  const uint64_t token_;
  const std::string attempt_dir_;
  const std::shared_ptr<std::atomic<bool>> abandoned_;
  uint64_t acked_seq_ = 0;
  bool uploaded_ = false;
  bool publishing_ = false;
  std::string last_digest_;  // of the newest one offered
  core::Backoff backoff_;
  std::optional<LocalCheckpoint> newest_;   // waits for its upload
  std::optional<LocalCheckpoint> current_;  // being uploaded, or uploaded and waiting for its events
};

}  // namespace plasa::worker
