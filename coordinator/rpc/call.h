// One unary call in flight.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/auth.h"
#include "coordinator/metrics.h"

namespace plasa::rpc {

// gRPC's reactor of a call, completed exactly once, from any thread: by its answer, or by the caller's cancel or
// deadline, whichever is first. gRPC owns the reply until then; a late answer touches nothing.
class Call final : public grpc::ServerUnaryReactor, public std::enable_shared_from_this<Call> {
 public:
  // `method` is a string literal.
  [[nodiscard]] static std::shared_ptr<Call> Begin(grpc::CallbackServerContext* context, const char* method,
                                                   Metrics& metrics);

  // The bearer token of the call; empty without one.
  [[nodiscard]] const std::string& secret() const { return secret_; }
  // OK, UNAUTHENTICATED or PERMISSION_DENIED.
  [[nodiscard]] absl::Status Authorize(const Auth& auth, Scope needed) const { return auth.Check(secret_, needed); }

  void Fail(const absl::Status& status) {
    Complete(status, [] {});
  }
  // `fill` writes the reply; it is not called when the call is over already.
  template <class Fill>
  void Succeed(Fill fill) {
    Complete(absl::OkStatus(), fill);
  }

  void OnCancel() override;
  void OnDone() override;

 private:
  Call(grpc::CallbackServerContext* context, const char* method, Metrics& metrics);

  template <class Fill>
  void Complete(const absl::Status& status, Fill fill) {
    const std::lock_guard lock(mutex_);
    if (completed_) return;
    completed_ = true;
    fill();
    FinishWith(status);
  }
  void FinishWith(const absl::Status& status);

  const char* const method_;
  Metrics& metrics_;
  const std::chrono::steady_clock::time_point start_;
  std::string secret_;
  std::shared_ptr<Call> self_;  // until OnDone

  std::mutex mutex_;  // guards what follows
  bool completed_ = false;
};

using CallPtr = std::shared_ptr<Call>;

// Completes `call` with the message, or gives back why there is none.
template <class Reply>
absl::Status Deliver(const CallPtr& call, absl::StatusOr<Reply> message, Reply* reply) {
  if (!message.ok()) return message.status();
  call->Succeed([&] { reply->Swap(&*message); });
  return absl::OkStatus();
}

}  // namespace plasa::rpc
