#include "worker/grpc_fleet.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "plasa/v1/fleet.grpc.pb.h"

namespace plasa::worker {
namespace {

constexpr std::chrono::milliseconds kCallDeadline(10'000);
constexpr std::chrono::milliseconds kRenewDeadline(3'000);
constexpr std::chrono::milliseconds kChunkDeadline(30'000);
constexpr int kMaxMessageBytes = 16 << 20;

// A connection on which nothing arrives is asked for a sign of life, and given up without one; so is one whose bytes
// are not acknowledged. The kernel would go on for a quarter of an hour, and a new connection finds its way at once.
constexpr int kAskAfterMs = 5'000;
constexpr int kGiveUpAfterMs = 10'000;

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kAskAfterMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kGiveUpAfterMs);
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

struct GrpcFleet::Connection {
  std::string address;
  std::string token;
  std::unique_ptr<v1::Fleet::Stub> stub;

  void Prepare(grpc::ClientContext& context, std::chrono::milliseconds deadline) const {
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    context.AddMetadata("authorization", "Bearer " + token);
  }

  template <class Request, class Reply>
  absl::StatusOr<Reply> Call(grpc::Status (v1::Fleet::Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                             const Request& request, std::chrono::milliseconds deadline) const {
    grpc::ClientContext context;
    Prepare(context, deadline);
    Reply reply;
    const grpc::Status status = ((*stub).*method)(&context, request, &reply);
    if (!status.ok()) return FromGrpc(status);
    return reply;
  }
};

namespace {

// The asynchronous calls that are not done yet, so that they can all be ended and waited for.
class InFlight {
 public:
  void Add(grpc::ClientContext* context) {
    const std::lock_guard lock(mutex_);
    contexts_.insert(context);
    ++open_;
  }
  // The context is about to go; its call still counts until End.
  void Forget(grpc::ClientContext* context) {
    const std::lock_guard lock(mutex_);
    contexts_.erase(context);
  }
  void End() {
    const std::lock_guard lock(mutex_);
    if (--open_ == 0) none_left_.notify_all();
  }
  void CancelAndWait() {
    std::unique_lock lock(mutex_);
    for (grpc::ClientContext* context : contexts_) context->TryCancel();
    none_left_.wait(lock, [this] { return open_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_left_;
  std::set<grpc::ClientContext*> contexts_;  // guarded by mutex_
  size_t open_ = 0;                          // guarded by mutex_
};

}  // namespace

// Guarded by its mutex, except the target, which is constant, and the calls, which guard themselves.
struct GrpcFleet::Shared {
  FleetTarget target;
  mutable std::mutex mutex;
  // The last is in use. Older ones stay until the end: a channel must not be destroyed on a thread of gRPC's own, where
  // a call's last callback would do it.
  std::vector<std::unique_ptr<Connection>> connections;
  std::shared_ptr<InFlight> calls = std::make_shared<InFlight>();
};

namespace {

// What an asynchronous call needs until it is done.
template <class Request, class Reply>
struct Flight {
  grpc::ClientContext context;
  Request request;
  Reply reply;
};

template <class Request, class Reply, class Connection>
GrpcFleet::Cancel Launch(const std::shared_ptr<InFlight>& calls, Connection& connection, Request request,
                         std::chrono::milliseconds deadline,
                         void (v1::Fleet::Stub::async::*method)(grpc::ClientContext*, const Request*, Reply*,
                                                                std::function<void(grpc::Status)>),
                         GrpcFleet::Done<Reply> done) {
  auto flight = std::make_shared<Flight<Request, Reply>>();
  flight->request = std::move(request);
  connection.Prepare(flight->context, deadline);
  calls->Add(&flight->context);
  auto* async = connection.stub->async();
  (async->*method)(&flight->context, &flight->request, &flight->reply,
                   [flight, calls, done = std::move(done)](const grpc::Status& status) mutable {
                     done(status.ok() ? absl::StatusOr<Reply>(std::move(flight->reply)) : FromGrpc(status));
                     calls->Forget(&flight->context);
                     flight.reset();  // it holds the channel, which must be gone from here before the Fleet may go
                     calls->End();
                   });
  return [weak = std::weak_ptr(flight)] {
    if (const auto live = weak.lock()) live->context.TryCancel();
  };
}

}  // namespace

GrpcFleet::GrpcFleet(FleetTarget target) : shared_(std::make_unique<Shared>()) {
  shared_->target = std::move(target);
  Reconnect();
}

GrpcFleet::~GrpcFleet() { shared_->calls->CancelAndWait(); }

void GrpcFleet::Reconnect() {
  auto fresh = std::make_unique<Connection>();
  fresh->address = shared_->target.address();
  fresh->token = shared_->target.token();
  const std::lock_guard lock(shared_->mutex);
  const Connection* old = shared_->connections.empty() ? nullptr : shared_->connections.back().get();
  if (old != nullptr && old->address == fresh->address && old->token == fresh->token) return;
  fresh->stub = v1::Fleet::NewStub(MakeChannel(fresh->address));
  shared_->connections.push_back(std::move(fresh));
}

std::string GrpcFleet::address() const { return Connected().address; }

GrpcFleet::Connection& GrpcFleet::Connected() const {
  const std::lock_guard lock(shared_->mutex);
  return *shared_->connections.back();
}

void GrpcFleet::Register(v1::RegisterRequest request, Done<v1::RegisterReply> done) {
  Launch<v1::RegisterRequest, v1::RegisterReply>(shared_->calls, Connected(), std::move(request), kCallDeadline,
                                                 &v1::Fleet::Stub::async::Register, std::move(done));
}

GrpcFleet::Cancel GrpcFleet::Exchange(v1::ExchangeRequest request, Done<v1::ExchangeReply> done) {
  const auto deadline = kCallDeadline + std::chrono::milliseconds(request.wait_ms());
  return Launch<v1::ExchangeRequest, v1::ExchangeReply>(shared_->calls, Connected(), std::move(request), deadline,
                                                        &v1::Fleet::Stub::async::Exchange, std::move(done));
}

void GrpcFleet::Report(v1::ReportRequest request, Done<v1::ReportReply> done) {
  Launch<v1::ReportRequest, v1::ReportReply>(shared_->calls, Connected(), std::move(request), kCallDeadline,
                                             &v1::Fleet::Stub::async::Report, std::move(done));
}

void GrpcFleet::Publish(v1::PublishRequest request, Done<v1::PublishReply> done) {
  Launch<v1::PublishRequest, v1::PublishReply>(shared_->calls, Connected(), std::move(request), kCallDeadline,
                                               &v1::Fleet::Stub::async::Publish, std::move(done));
}

absl::StatusOr<v1::RenewReply> GrpcFleet::Renew(const v1::RenewRequest& request) {
  return Connected().Call<v1::RenewRequest, v1::RenewReply>(&v1::Fleet::Stub::Renew, request, kRenewDeadline);
}

absl::StatusOr<v1::PutChunkReply> GrpcFleet::PutChunk(const v1::PutChunkRequest& request) {
  return Connected().Call<v1::PutChunkRequest, v1::PutChunkReply>(&v1::Fleet::Stub::PutChunk, request, kChunkDeadline);
}

absl::StatusOr<v1::GetChunkReply> GrpcFleet::GetChunk(const v1::GetChunkRequest& request) {
  return Connected().Call<v1::GetChunkRequest, v1::GetChunkReply>(&v1::Fleet::Stub::GetChunk, request, kChunkDeadline);
}

absl::Status GrpcFleet::Goodbye(const v1::GoodbyeRequest& request) {
  return Connected()
      .Call<v1::GoodbyeRequest, v1::GoodbyeReply>(&v1::Fleet::Stub::Goodbye, request, kRenewDeadline)
      .status();
}

}  // namespace plasa::worker
