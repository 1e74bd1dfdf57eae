// A coordinator in memory, behind a real gRPC server: enough of the fleet protocol to test a worker against.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "plasa/v1/fleet.grpc.pb.h"

namespace plasa::worker {

// Thread-safe. State lives in memory and survives Restart, as a database would.
class FakeFleet final : public v1::Fleet::Service {
 public:
  FakeFleet();
  ~FakeFleet() override;

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // A lease for the next free slot; the slot is filled in when it is granted.
  void Queue(v1::Lease lease);
  void Fence(uint64_t token);
  void Cancel(uint64_t token);
  // Ends the server and starts it again on the same port; every session is forgotten.
  void Restart();

  [[nodiscard]] v1::Finished WaitFinished(uint64_t token);
  void WaitReported(uint64_t token, uint64_t seq);
  void WaitRenewals(int more);
  [[nodiscard]] std::vector<v1::Event> Events(uint64_t token);
  [[nodiscard]] std::map<uint64_t, v1::Checkpoint> Published();
  [[nodiscard]] v1::RegisterRequest LastRegister();
  // Leases that were sent again, because an exchange that told of an end did not say that they are held.
  [[nodiscard]] int Resent();

  grpc::Status Register(grpc::ServerContext*, const v1::RegisterRequest*, v1::RegisterReply*) override;
  grpc::Status Exchange(grpc::ServerContext*, const v1::ExchangeRequest*, v1::ExchangeReply*) override;
  grpc::Status Renew(grpc::ServerContext*, const v1::RenewRequest*, v1::RenewReply*) override;
  grpc::Status Report(grpc::ServerContext*, const v1::ReportRequest*, v1::ReportReply*) override;
  grpc::Status PutChunk(grpc::ServerContext*, const v1::PutChunkRequest*, v1::PutChunkReply*) override;
  grpc::Status GetChunk(grpc::ServerContext*, const v1::GetChunkRequest*, v1::GetChunkReply*) override;
  grpc::Status Publish(grpc::ServerContext*, const v1::PublishRequest*, v1::PublishReply*) override;
  grpc::Status Goodbye(grpc::ServerContext*, const v1::GoodbyeRequest*, v1::GoodbyeReply*) override;

 private:
  void Serve();
  [[nodiscard]] v1::TokenVerdict VerdictOf(uint64_t token) const;
  [[nodiscard]] v1::FinishedReply Accept(const v1::Finished& finished);
  void Grant(const v1::ExchangeRequest& request, v1::ExchangeReply& reply);

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;

  // Guarded by mutex_.
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t session_ = 0;
  uint64_t last_session_ = 0;
  bool stopping_ = false;
  int renewals_ = 0;
  int resent_ = 0;
  std::deque<v1::Lease> queue_;
  std::map<uint64_t, v1::Lease> granted_;
  std::set<uint64_t> fenced_;
  std::set<uint64_t> canceled_;
  std::map<uint64_t, std::vector<v1::Event>> events_;
  std::map<uint64_t, v1::Finished> finished_;
  std::map<std::string, std::string> blobs_;
  std::map<uint64_t, v1::Checkpoint> published_;
  v1::RegisterRequest last_register_;
};

}  // namespace plasa::worker
