#include "worker/checkpoint_publisher.h"

#include <utility>

namespace plasa::worker {

CheckpointPublisher::CheckpointPublisher(Doors doors, uint64_t token, std::string attempt_dir)
    : doors_(std::move(doors)),
      token_(token),
      attempt_dir_(std::move(attempt_dir)),
      abandoned_(std::make_shared<std::atomic<bool>>(false)) {}

void CheckpointPublisher::Offer(LocalCheckpoint checkpoint) {
  if (*abandoned_ || checkpoint.checkpoint.digest() == last_digest_) return;
  last_digest_ = checkpoint.checkpoint.digest();
  newest_ = std::move(checkpoint);
  if (!current_) UploadNext();
}

void CheckpointPublisher::UploadNext() {
  current_ = std::exchange(newest_, std::nullopt);
  if (!current_) return doors_.on_idle();
  uploaded_ = false;
  auto job = [door = doors_.artifacts(), &loop = doors_.loop, token = token_, dir = attempt_dir_, local = *current_,
              abandoned = abandoned_, weak = weak_from_this()](const Wanted& running) {
    const Wanted wanted = [&] { return running() && !*abandoned; };
    absl::Status status = UploadCheckpoint(door, token, dir, local, wanted);
    loop.Post([weak, status = std::move(status)] {
      if (const auto self = weak.lock()) self->OnUploaded(status);
    });
  };
  doors_.transfer.Submit(std::move(job));
}

// A checkpoint that cannot be uploaded is no loss: the one before stays the published one.
void CheckpointPublisher::OnUploaded(const absl::Status& status) {
  if (*abandoned_) return;
  if (!status.ok()) return UploadNext();
  uploaded_ = true;
  PublishWhenDue();
}

// A coordinator that was restored from a backup may have lost the checkpoint with the events.
void CheckpointPublisher::OnAcknowledged(uint64_t seq) {
  if (seq < acked_seq_) last_digest_.clear();
  acked_seq_ = seq;
  PublishWhenDue();
}

void CheckpointPublisher::PublishWhenDue() {
  const bool due = current_ && uploaded_ && !publishing_ && acked_seq_ >= current_->checkpoint.events_seq();
  if (!due || *abandoned_) return;
  publishing_ = true;
  v1::PublishRequest request;
  doors_.stamp(request);
  request.set_token(token_);
  *request.mutable_checkpoint() = current_->checkpoint;
  doors_.fleet.Publish(std::move(request), [&loop = doors_.loop, weak = weak_from_this()](auto reply) {
    loop.Post([weak, reply = std::move(reply)] {
      if (const auto self = weak.lock()) self->OnPublished(reply);
    });
  });
}

void CheckpointPublisher::OnPublished(const absl::StatusOr<v1::PublishReply>& reply) {
  publishing_ = false;
  if (*abandoned_) return;
  const bool answered = reply.ok() || absl::IsInvalidArgument(reply.status()) || absl::IsUnimplemented(reply.status());
  if (answered) {
    backoff_.Reset();
    return UploadNext();
  }
  doors_.loop.RunAfter(backoff_.NextDelayMs(), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->PublishWhenDue();
  });
}

void CheckpointPublisher::Abandon() {
  *abandoned_ = true;
  newest_.reset();
  current_.reset();
}

}  // namespace plasa::worker
