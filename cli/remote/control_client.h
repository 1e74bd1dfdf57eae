// The one door to a coordinator: Control calls as blocking functions with a deadline and readable errors.
#pragma once

#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "cli/remote/endpoint.h"
#include "plasa/v1/control.pb.h"

namespace plasa::cli {

namespace pb = plasa::v1;

// A connection to one coordinator. Each call blocks for at most the timeout (long polls: plus their own wait). Used
// from one thread. Errors carry a message and a hint for the user; the status code decides the exit code.
class ControlClient {
 public:
  ControlClient(const Endpoint& endpoint, double timeout_s);
  ControlClient(ControlClient&&) noexcept;
  ~ControlClient();

  [[nodiscard]] absl::StatusOr<pb::SubmitReply> Submit(const pb::SubmitRequest& request);
  [[nodiscard]] absl::StatusOr<pb::AddSeedsReply> AddSeeds(const pb::AddSeedsRequest& request);
  [[nodiscard]] absl::StatusOr<pb::PutDataReply> PutData(const pb::PutDataRequest& request);
  [[nodiscard]] absl::StatusOr<pb::PlanReply> Plan(const pb::PlanRequest& request);
  [[nodiscard]] absl::StatusOr<pb::ListSweepsReply> ListSweeps(const pb::ListSweepsRequest& request);
  [[nodiscard]] absl::StatusOr<pb::GetSweepReply> GetSweep(const pb::GetSweepRequest& request);
  [[nodiscard]] absl::StatusOr<pb::WatchSweepReply> WatchSweep(const pb::WatchSweepRequest& request);
  [[nodiscard]] absl::StatusOr<pb::GetTrialReply> GetTrial(const pb::GetTrialRequest& request);
  [[nodiscard]] absl::StatusOr<pb::CancelReply> Cancel(const pb::CancelRequest& request);
  [[nodiscard]] absl::StatusOr<pb::RetryReply> Retry(const pb::RetryRequest& request);
  // All pages of the reply, one after the other: a trial may have more points than fit into memory.
  [[nodiscard]] absl::Status EachMetrics(pb::GetMetricsRequest request,
                                         absl::FunctionRef<void(const pb::GetMetricsReply&)> use);
  [[nodiscard]] absl::StatusOr<pb::GetLogReply> GetLog(const pb::GetLogRequest& request);
  [[nodiscard]] absl::StatusOr<pb::GetResultsReply> GetResults(const pb::GetResultsRequest& request);
  [[nodiscard]] absl::StatusOr<pb::ListWorkersReply> ListWorkers(const pb::ListWorkersRequest& request);
  [[nodiscard]] absl::StatusOr<pb::DrainWorkerReply> DrainWorker(const pb::DrainWorkerRequest& request);
  [[nodiscard]] absl::StatusOr<pb::CreateTokenReply> CreateToken(const pb::CreateTokenRequest& request);
  [[nodiscard]] absl::StatusOr<pb::CreateDashboardLinkReply> CreateDashboardLink();
  [[nodiscard]] absl::StatusOr<pb::GetInfoReply> GetInfo();

  [[nodiscard]] const std::string& address() const;

 private:
  struct Channel;
  template <class Reply, class Request, class Method>
  absl::StatusOr<Reply> Call(Method method, const Request& request, double extra_wait_s = 0);

  std::unique_ptr<Channel> channel_;
};

// The version of the gRPC library.
[[nodiscard]] std::string GrpcVersion();

// A fresh random request id for a mutating call.
[[nodiscard]] std::string NewRequestId();

}  // namespace plasa::cli
