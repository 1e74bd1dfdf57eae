// The worker's door to its coordinator: the calls of fleet.proto, each with a deadline and the worker's token.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "plasa/v1/fleet.pb.h"

namespace plasa::worker {

// Where the coordinator is and what opens it; asked again at each reconnect, since a restarted coordinator may have
// moved.
struct FleetTarget {
  std::function<std::string()> address;  // HOST:PORT; empty = not known yet
  std::function<std::string()> token;
};

// Thread-safe. Asynchronous calls call `done` exactly once, on a thread of gRPC's: post to the loop from there.
// Destruction ends the calls in flight and waits until each is done.
class Fleet {
 public:
  template <class Reply>
  using Done = std::function<void(absl::StatusOr<Reply>)>;
  // Ends a call early (it is done with CANCELLED); harmless when it has ended.
  using Cancel = std::function<void()>;

  explicit Fleet(FleetTarget target);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  // Reads the target again; a changed one gets a new channel. Calls in flight are not touched.
  void Reconnect();
  // The address in use, for messages.
  [[nodiscard]] std::string address() const;

  void Register(v1::RegisterRequest request, Done<v1::RegisterReply> done);
  Cancel Exchange(v1::ExchangeRequest request, Done<v1::ExchangeReply> done);
  void Report(v1::ReportRequest request, Done<v1::ReportReply> done);
  void Publish(v1::PublishRequest request, Done<v1::PublishReply> done);

  // Block up to their deadline: for the renewing and the transferring thread, and for leaving.
  [[nodiscard]] absl::StatusOr<v1::RenewReply> Renew(const v1::RenewRequest& request);
  [[nodiscard]] absl::StatusOr<v1::PutChunkReply> PutChunk(const v1::PutChunkRequest& request);
  [[nodiscard]] absl::StatusOr<v1::GetChunkReply> GetChunk(const v1::GetChunkRequest& request);
  [[nodiscard]] absl::Status Goodbye(const v1::GoodbyeRequest& request);

 private:
  struct Connection;
  [[nodiscard]] Connection& Connected() const;

  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace plasa::worker
