// The worker's door to its coordinator over gRPC; each call has a deadline and carries the worker's token.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "worker/fleet.h"

namespace plasa::worker {

// Where the coordinator is and what opens it; asked again at each reconnect, since a restarted coordinator may have
// moved.
struct FleetTarget {
  std::function<std::string()> address;  // HOST:PORT; empty = not known yet
  std::function<std::string()> token;
};

// Destruction ends the calls in flight and waits until each is done.
class GrpcFleet final : public Fleet {
 public:
  explicit GrpcFleet(FleetTarget target);
  ~GrpcFleet() override;
  GrpcFleet(const GrpcFleet&) = delete;
  GrpcFleet& operator=(const GrpcFleet&) = delete;

  // Reads the target again; a changed one gets a new channel. Calls in flight are not touched.
  void Reconnect() override;
  [[nodiscard]] std::string address() const override;

  void Register(v1::RegisterRequest request, Done<v1::RegisterReply> done) override;
  Cancel Exchange(v1::ExchangeRequest request, Done<v1::ExchangeReply> done) override;
  void Report(v1::ReportRequest request, Done<v1::ReportReply> done) override;
  void Publish(v1::PublishRequest request, Done<v1::PublishReply> done) override;

  [[nodiscard]] absl::StatusOr<v1::RenewReply> Renew(const v1::RenewRequest& request) override;
  [[nodiscard]] absl::StatusOr<v1::PutChunkReply> PutChunk(const v1::PutChunkRequest& request) override;
  [[nodiscard]] absl::StatusOr<v1::GetChunkReply> GetChunk(const v1::GetChunkRequest& request) override;
  [[nodiscard]] absl::Status Goodbye(const v1::GoodbyeRequest& request) override;

 private:
  struct Connection;
  [[nodiscard]] Connection& Connected() const;

  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace plasa::worker
