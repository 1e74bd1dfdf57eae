// The worker's door to its coordinator: the calls of fleet.proto.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "plasa/v1/fleet.pb.h"

namespace plasa::worker {

// Thread-safe. Asynchronous calls call `done` exactly once, on any thread: post to the loop from there.
class Fleet {
 public:
  template <class Reply>
  using Done = std::function<void(absl::StatusOr<Reply>)>;
  // Ends a call early (it is done with CANCELLED); harmless when it has ended.
  using Cancel = std::function<void()>;

  virtual ~Fleet() = default;

  // Looks again for where the coordinator is.
  virtual void Reconnect() = 0;
  // The address in use, for messages.
  [[nodiscard]] virtual std::string address() const = 0;

  virtual void Register(v1::RegisterRequest request, Done<v1::RegisterReply> done) = 0;
  virtual Cancel Exchange(v1::ExchangeRequest request, Done<v1::ExchangeReply> done) = 0;
  virtual void Report(v1::ReportRequest request, Done<v1::ReportReply> done) = 0;
  virtual void Publish(v1::PublishRequest request, Done<v1::PublishReply> done) = 0;

  // Block up to their deadline: for the renewing and the transferring thread, and for leaving.
  [[nodiscard]] virtual absl::StatusOr<v1::RenewReply> Renew(const v1::RenewRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::PutChunkReply> PutChunk(const v1::PutChunkRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::GetChunkReply> GetChunk(const v1::GetChunkRequest& request) = 0;
  [[nodiscard]] virtual absl::Status Goodbye(const v1::GoodbyeRequest& request) = 0;
};

}  // namespace plasa::worker
