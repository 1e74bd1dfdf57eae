#include "worker/renewer.h"

#include <chrono>
#include <utility>

namespace plasa::worker {

Renewer::Renewer(Fleet& fleet, std::string worker_id, OnReply on_reply)
    : fleet_(fleet),
      worker_id_(std::move(worker_id)),
      on_reply_(std::move(on_reply)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

Renewer::~Renewer() {
  thread_.request_stop();
  thread_.join();
}

void Renewer::Set(uint64_t session, std::vector<uint64_t> tokens, uint32_t every_ms) {
  const std::lock_guard lock(mutex_);
  session_ = session;
  tokens_ = std::move(tokens);
  if (every_ms > 0) every_ms_ = every_ms;
}

void Renewer::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto next = std::chrono::steady_clock::now() + std::chrono::milliseconds(every_ms_);
    if (session_ != 0) {
      v1::RenewRequest request;
      request.set_worker_id(worker_id_);
      request.set_session(session_);
      request.mutable_tokens()->Add(tokens_.begin(), tokens_.end());
      lock.unlock();
      on_reply_(request.session(), fleet_.Renew(request));
      lock.lock();
    }
    changed_.wait_until(lock, stop, next, [] { return false; });
  }
}

}  // namespace plasa::worker
