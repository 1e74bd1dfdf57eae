#include "cli/remote/control_client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/output/exit_code.h"
#include "cli/output/text.h"
#include "plasa/v1/control.grpc.pb.h"

namespace plasa::cli {

struct ControlClient::Channel {
  Endpoint endpoint;
  double timeout_s;
  std::unique_ptr<pb::Control::Stub> stub;
};

namespace {

constexpr int kMaxMessageBytes = 256 << 20;  // the results of a sweep with thousands of trials

std::unique_ptr<pb::Control::Stub> NewStub(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  return pb::Control::NewStub(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

absl::Status UnavailableStatus(const Endpoint& endpoint, const grpc::Status& status) {
  return Failure(absl::StatusCode::kUnavailable,
                 absl::StrCat("no coordinator answers at ", endpoint.address, " (from ", endpoint.origin,
                              "): ", status.error_message()),
                 "start one with `plasactl up`, or name another with --state DIR or --coordinator HOST:PORT");
}

// What a refused call means to a person: the coordinator's own sentence, with a hint where the cause is plain.
absl::Status ReadableStatus(const Endpoint& endpoint, double timeout_s, const grpc::Status& status) {
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return UnavailableStatus(endpoint, status);
    case absl::StatusCode::kDeadlineExceeded:
      return Failure(
          code,
          absl::StrCat("the coordinator at ", endpoint.address, " did not answer within ", Rounded(timeout_s), " s"),
          "try again, or wait longer with --timeout SECONDS");
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return Failure(
          code, absl::StrCat("the coordinator at ", endpoint.address, " refused the token: ", status.error_message()),
          "use a token with the needed scope (--token-file; DIR/tokens/admin of the coordinator may do everything)");
    default:
      return Failure(code, status.error_message());
  }
}

}  // namespace

ControlClient::ControlClient(const Endpoint& endpoint, double timeout_s)
    : channel_(std::make_unique<Channel>(Channel{endpoint, timeout_s, NewStub(endpoint.address)})) {}

ControlClient::ControlClient(ControlClient&&) noexcept = default;

ControlClient::~ControlClient() = default;

const std::string& ControlClient::address() const { return channel_->endpoint.address; }

template <class Reply, class Request, class Method>
absl::StatusOr<Reply> ControlClient::Call(Method method, const Request& request, double extra_wait_s) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + channel_->endpoint.token);
  const auto limit = std::chrono::duration<double>(channel_->timeout_s + extra_wait_s);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::milliseconds>(limit));
  Reply reply;
  const grpc::Status status = (channel_->stub.get()->*method)(&context, request, &reply);
  if (!status.ok()) return ReadableStatus(channel_->endpoint, channel_->timeout_s + extra_wait_s, status);
  return reply;
}

using Stub = pb::Control::Stub;

absl::StatusOr<pb::SubmitReply> ControlClient::Submit(const pb::SubmitRequest& request) {
  return Call<pb::SubmitReply>(&Stub::Submit, request);
}
absl::StatusOr<pb::PutDataReply> ControlClient::PutData(const pb::PutDataRequest& request) {
  return Call<pb::PutDataReply>(&Stub::PutData, request);
}
absl::StatusOr<pb::PlanReply> ControlClient::Plan(const pb::PlanRequest& request) {
  return Call<pb::PlanReply>(&Stub::Plan, request);
}
absl::StatusOr<pb::ListSweepsReply> ControlClient::ListSweeps(const pb::ListSweepsRequest& request) {
  return Call<pb::ListSweepsReply>(&Stub::ListSweeps, request);
}
absl::StatusOr<pb::GetSweepReply> ControlClient::GetSweep(const pb::GetSweepRequest& request) {
  return Call<pb::GetSweepReply>(&Stub::GetSweep, request);
}
absl::StatusOr<pb::WatchSweepReply> ControlClient::WatchSweep(const pb::WatchSweepRequest& request) {
  return Call<pb::WatchSweepReply>(&Stub::WatchSweep, request, request.wait_ms() / 1000.0);
}
absl::StatusOr<pb::GetTrialReply> ControlClient::GetTrial(const pb::GetTrialRequest& request) {
  return Call<pb::GetTrialReply>(&Stub::GetTrial, request);
}
absl::StatusOr<pb::AddSeedsReply> ControlClient::AddSeeds(const pb::AddSeedsRequest& request) {
  return Call<pb::AddSeedsReply>(&Stub::AddSeeds, request);
}
absl::StatusOr<pb::CancelReply> ControlClient::Cancel(const pb::CancelRequest& request) {
  return Call<pb::CancelReply>(&Stub::Cancel, request);
}
absl::StatusOr<pb::RetryReply> ControlClient::Retry(const pb::RetryRequest& request) {
  return Call<pb::RetryReply>(&Stub::Retry, request);
}
absl::Status ControlClient::EachMetrics(pb::GetMetricsRequest request,
                                        absl::FunctionRef<void(const pb::GetMetricsReply&)> use) {
  for (bool more = true; more;) {
    const auto page = Call<pb::GetMetricsReply>(&Stub::GetMetrics, request);
    if (!page.ok()) return page.status();
    use(*page);
    more = page->more() && !page->points().empty();
    if (!more) break;
    const pb::MetricPoint& last = *page->points().rbegin();
    request.mutable_after()->set_name(last.name());
    request.mutable_after()->set_step(last.step());
  }
  return absl::OkStatus();
}
absl::StatusOr<pb::GetLogReply> ControlClient::GetLog(const pb::GetLogRequest& request) {
  return Call<pb::GetLogReply>(&Stub::GetLog, request);
}
absl::StatusOr<pb::GetResultsReply> ControlClient::GetResults(const pb::GetResultsRequest& request) {
  return Call<pb::GetResultsReply>(&Stub::GetResults, request);
}
absl::StatusOr<pb::ListWorkersReply> ControlClient::ListWorkers(const pb::ListWorkersRequest& request) {
  return Call<pb::ListWorkersReply>(&Stub::ListWorkers, request);
}
absl::StatusOr<pb::DrainWorkerReply> ControlClient::DrainWorker(const pb::DrainWorkerRequest& request) {
  return Call<pb::DrainWorkerReply>(&Stub::DrainWorker, request);
}
absl::StatusOr<pb::CreateTokenReply> ControlClient::CreateToken(const pb::CreateTokenRequest& request) {
  return Call<pb::CreateTokenReply>(&Stub::CreateToken, request);
}
absl::StatusOr<pb::CreateDashboardLinkReply> ControlClient::CreateDashboardLink() {
  return Call<pb::CreateDashboardLinkReply>(&Stub::CreateDashboardLink, pb::CreateDashboardLinkRequest());
}
absl::StatusOr<pb::GetInfoReply> ControlClient::GetInfo() {
  return Call<pb::GetInfoReply>(&Stub::GetInfo, pb::GetInfoRequest());
}

std::string GrpcVersion() { return grpc::Version(); }

std::string NewRequestId() {
  std::random_device random;
  return absl::StrFormat("%08x%08x%08x%08x", random(), random(), random(), random());
}

}  // namespace plasa::cli
