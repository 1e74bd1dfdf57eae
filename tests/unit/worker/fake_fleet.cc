#include "fake_fleet.h"

#include <chrono>

namespace plasa::worker {
namespace {

const grpc::Status kFenced(grpc::StatusCode::FAILED_PRECONDITION, "FENCED");

}  // namespace

FakeFleet::FakeFleet() { Serve(); }

FakeFleet::~FakeFleet() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  server_->Shutdown();
}

void FakeFleet::Serve() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port_), grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
}

void FakeFleet::Restart() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    session_ = 0;
    changed_.notify_all();
  }
  server_->Shutdown();
  server_.reset();
  stopping_ = false;
  Serve();
}

void FakeFleet::Queue(v1::Lease lease) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(std::move(lease));
  changed_.notify_all();
}

void FakeFleet::Fence(uint64_t token) {
  const std::lock_guard lock(mutex_);
  fenced_.insert(token);
}

void FakeFleet::Cancel(uint64_t token) {
  const std::lock_guard lock(mutex_);
  canceled_.insert(token);
}

v1::Finished FakeFleet::WaitFinished(uint64_t token) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return finished_.count(token) > 0; });
  return finished_[token];
}

void FakeFleet::WaitReported(uint64_t token, uint64_t seq) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return events_[token].size() >= seq; });
}

void FakeFleet::WaitRenewals(int more) {
  std::unique_lock lock(mutex_);
  const int until = renewals_ + more;
  changed_.wait(lock, [&] { return renewals_ >= until; });
}

std::vector<v1::Event> FakeFleet::Events(uint64_t token) {
  const std::lock_guard lock(mutex_);
  return events_[token];
}

std::map<uint64_t, v1::Checkpoint> FakeFleet::Published() {
  const std::lock_guard lock(mutex_);
  return published_;
}

v1::RegisterRequest FakeFleet::LastRegister() {
  const std::lock_guard lock(mutex_);
  return last_register_;
}

int FakeFleet::Resent() {
  const std::lock_guard lock(mutex_);
  return resent_;
}

v1::TokenVerdict FakeFleet::VerdictOf(uint64_t token) const {
  v1::TokenVerdict verdict;
  verdict.set_token(token);
  const bool gone = fenced_.count(token) > 0 || granted_.count(token) == 0;
  verdict.set_verdict(gone                         ? v1::TokenVerdict::FENCED
                      : canceled_.count(token) > 0 ? v1::TokenVerdict::CANCEL
                                                   : v1::TokenVerdict::OK);
  const auto events = events_.find(token);
  if (events != events_.end()) verdict.set_acked_seq(events->second.size());
  return verdict;
}

grpc::Status FakeFleet::Register(grpc::ServerContext*, const v1::RegisterRequest* request, v1::RegisterReply* reply) {
  const std::lock_guard lock(mutex_);
  session_ = ++last_session_;
  last_register_ = *request;
  reply->set_session(session_);
  reply->set_renew_every_ms(50);
  for (const uint64_t held : request->held()) *reply->add_verdicts() = VerdictOf(held);
  return grpc::Status::OK;
}

v1::FinishedReply FakeFleet::Accept(const v1::Finished& finished) {
  v1::FinishedReply reply;
  reply.set_token(finished.token());
  reply.set_acked_seq(events_[finished.token()].size());
  reply.set_accepted(granted_.count(finished.token()) > 0 && fenced_.count(finished.token()) == 0 &&
                     reply.acked_seq() >= finished.last_seq());
  if (reply.accepted()) {
    finished_[finished.token()] = finished;
    granted_.erase(finished.token());
  }
  return reply;
}

void FakeFleet::Grant(const v1::ExchangeRequest& request, v1::ExchangeReply& reply) {
  const std::set<uint64_t> held(request.held().begin(), request.held().end());
  std::set<int> taken;
  for (const auto& [token, lease] : granted_) {
    if (held.count(token) > 0 || fenced_.count(token) > 0) continue;
    *reply.add_leases() = lease;
    if (request.finished_size() > 0) ++resent_;
    taken.insert(lease.slot());
  }
  for (int slot : request.free_slots()) {
    if (queue_.empty()) return;
    if (taken.count(slot) > 0) continue;
    v1::Lease lease = queue_.front();
    queue_.pop_front();
    lease.set_slot(slot);
    granted_[lease.token()] = lease;
    *reply.add_leases() = lease;
  }
}

grpc::Status FakeFleet::Exchange(grpc::ServerContext* context, const v1::ExchangeRequest* request,
                                 v1::ExchangeReply* reply) {
  std::unique_lock lock(mutex_);
  if (request->session() != session_) return kFenced;
  for (const v1::Finished& finished : request->finished()) *reply->add_finished() = Accept(finished);
  changed_.notify_all();
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(request->wait_ms());
  Grant(*request, *reply);
  while (reply->leases().empty() && std::chrono::steady_clock::now() < until) {
    changed_.wait_for(lock, std::chrono::milliseconds(20));
    if (stopping_ || context->IsCancelled()) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "leaving");
    Grant(*request, *reply);
  }
  return grpc::Status::OK;
}

grpc::Status FakeFleet::Renew(grpc::ServerContext*, const v1::RenewRequest* request, v1::RenewReply* reply) {
  const std::lock_guard lock(mutex_);
  if (request->session() != session_) return kFenced;
  for (uint64_t token : request->tokens()) *reply->add_verdicts() = VerdictOf(token);
  ++renewals_;
  changed_.notify_all();
  return grpc::Status::OK;
}

grpc::Status FakeFleet::Report(grpc::ServerContext*, const v1::ReportRequest* request, v1::ReportReply* reply) {
  const std::lock_guard lock(mutex_);
  if (request->session() != session_ || fenced_.count(request->token()) > 0) return kFenced;
  std::vector<v1::Event>& stored = events_[request->token()];
  for (const v1::Event& event : request->events()) {
    if (event.seq() > stored.size() + 1) return grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "gap");
    if (event.seq() == stored.size() + 1) stored.push_back(event);
  }
  reply->set_acked_seq(stored.size());
  changed_.notify_all();
  return grpc::Status::OK;
}

grpc::Status FakeFleet::PutChunk(grpc::ServerContext*, const v1::PutChunkRequest* request, v1::PutChunkReply* reply) {
  const std::lock_guard lock(mutex_);
  std::string& blob = blobs_[request->sha256()];
  if (request->offset() == blob.size()) blob += request->data();
  reply->set_next_offset(blob.size());
  reply->set_complete(blob.size() == request->size());
  return grpc::Status::OK;
}

grpc::Status FakeFleet::GetChunk(grpc::ServerContext*, const v1::GetChunkRequest* request, v1::GetChunkReply* reply) {
  const std::lock_guard lock(mutex_);
  const auto found = blobs_.find(request->sha256());
  if (found == blobs_.end()) return grpc::Status(grpc::StatusCode::NOT_FOUND, "no such artifact");
  reply->set_size(found->second.size());
  reply->set_data(found->second.substr(request->offset(), request->max_bytes()));
  return grpc::Status::OK;
}

grpc::Status FakeFleet::Publish(grpc::ServerContext*, const v1::PublishRequest* request, v1::PublishReply* reply) {
  const std::lock_guard lock(mutex_);
  if (request->session() != session_) return kFenced;
  reply->set_published(events_[request->token()].size() >= request->checkpoint().events_seq());
  if (reply->published()) published_[request->token()] = request->checkpoint();
  changed_.notify_all();
  return grpc::Status::OK;
}

grpc::Status FakeFleet::Goodbye(grpc::ServerContext*, const v1::GoodbyeRequest*, v1::GoodbyeReply*) {
  return grpc::Status::OK;
}

}  // namespace plasa::worker
