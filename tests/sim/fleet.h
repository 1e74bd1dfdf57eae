// The worker's door to the coordinator over a simulated network, and the coordinator's end of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coordinator.h"
#include "link.h"
#include "worker/fleet.h"
#include "worker/renewer.h"

namespace plasa::sim {

// Of one life of a worker daemon. Calls in flight end with their process.
class SimFleet final : public worker::Fleet {
 public:
  SimFleet(World& world, Coordinator& coordinator, Link& link, ProcessPtr process)
      : world_(world), coordinator_(coordinator), link_(link), process_(std::move(process)) {}

  void Reconnect() override {}
  [[nodiscard]] std::string address() const override { return "sim"; }

  void Register(v1::RegisterRequest request, Done<v1::RegisterReply> done) override;
  Cancel Exchange(v1::ExchangeRequest request, Done<v1::ExchangeReply> done) override;
  void Report(v1::ReportRequest request, Done<v1::ReportReply> done) override;
  void Publish(v1::PublishRequest request, Done<v1::PublishReply> done) override;
  void RenewLater(v1::RenewRequest request, Done<v1::RenewReply> done);

  // Here a renewal is never blocking: RenewLater.
  [[nodiscard]] absl::StatusOr<v1::RenewReply> Renew(const v1::RenewRequest&) override;
  [[nodiscard]] absl::StatusOr<v1::PutChunkReply> PutChunk(const v1::PutChunkRequest& request) override;
  [[nodiscard]] absl::StatusOr<v1::GetChunkReply> GetChunk(const v1::GetChunkRequest& request) override;
  [[nodiscard]] absl::Status Goodbye(const v1::GoodbyeRequest& request) override;

 private:
  template <class Reply>
  using Respond = std::function<void(absl::StatusOr<Reply>)>;
  // `serve` runs in the coordinator's process and responds when it likes.
  template <class Reply>
  using Serve = std::function<void(Commands&, Artifacts&, Respond<Reply>)>;
  template <class Reply>
  Cancel Call(uint64_t deadline_ms, Serve<Reply> serve, Done<Reply> done);

  World& world_;
  Coordinator& coordinator_;
  Link& link_;
  const ProcessPtr process_;
};

// One renewal after another, as worker::Renewer does on its thread.
class SimRenewals final : public worker::Renewals {
 public:
  SimRenewals(World& world, SimFleet& fleet, ProcessPtr process, std::string worker_id, OnReply on_reply);
  void Set(uint64_t session, std::vector<uint64_t> tokens, uint32_t every_ms) override;

 private:
  void Renew();

  World& world_;
  SimFleet& fleet_;
  const ProcessPtr process_;
  const std::string worker_id_;
  const OnReply on_reply_;
  uint64_t session_ = 0;
  std::vector<uint64_t> tokens_;
  uint32_t every_ms_ = 1000;
};

}  // namespace plasa::sim
