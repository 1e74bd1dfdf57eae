#include "coordinator/rpc/call.h"

#include "absl/strings/strip.h"
#include "common/runtime/grpc_status.h"

namespace plasa::rpc {
namespace {

constexpr absl::string_view kBearer = "Bearer ";

std::string SecretOf(const grpc::CallbackServerContext& context) {
  const auto found = context.client_metadata().find("authorization");
  if (found == context.client_metadata().end()) return "";
  absl::string_view value(found->second.data(), found->second.size());
  return absl::ConsumePrefix(&value, kBearer) ? std::string(value) : "";
}

}  // namespace

std::shared_ptr<Call> Call::Begin(grpc::CallbackServerContext* context, const char* method, Metrics& metrics) {
  std::shared_ptr<Call> call(new Call(context, method, metrics));
  call->self_ = call;
  return call;
}

Call::Call(grpc::CallbackServerContext* context, const char* method, Metrics& metrics)
    : method_(method), metrics_(metrics), start_(std::chrono::steady_clock::now()), secret_(SecretOf(*context)) {}

void Call::OnCancel() { Fail(absl::CancelledError("the caller is gone")); }

void Call::OnDone() { self_.reset(); }

void Call::FinishWith(const absl::Status& status) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start_;
  metrics_.ObserveCall(method_, absl::StatusCodeToString(status.code()), took.count());
  Finish(ToGrpc(status));
}

}  // namespace plasa::rpc
