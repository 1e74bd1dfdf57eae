// The Control service: what users ask.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/rpc/call.h"
#include "coordinator/rpc/control_reads.h"
#include "coordinator/rpc/doors.h"
#include "coordinator/rpc/watch.h"
#include "plasa/v1/control.grpc.pb.h"

namespace plasa::rpc {

// Translates, checks the token's scope, posts, and answers when the outcome is durable. Called on gRPC's threads.
class ControlService final : public v1::Control::CallbackService {
 public:
  explicit ControlService(Doors& doors) : doors_(doors), watches_(doors) {}

  using Context = grpc::CallbackServerContext*;
  using Reactor = grpc::ServerUnaryReactor*;

  Reactor Submit(Context context, const v1::SubmitRequest* request, v1::SubmitReply* reply) override;
  Reactor AddSeeds(Context context, const v1::AddSeedsRequest* request, v1::AddSeedsReply* reply) override;
  Reactor PutData(Context context, const v1::PutDataRequest* request, v1::PutDataReply* reply) override;
  Reactor Plan(Context context, const v1::PlanRequest* request, v1::PlanReply* reply) override;
  Reactor ListSweeps(Context context, const v1::ListSweepsRequest* request, v1::ListSweepsReply* reply) override;
  Reactor GetSweep(Context context, const v1::GetSweepRequest* request, v1::GetSweepReply* reply) override;
  Reactor WatchSweep(Context context, const v1::WatchSweepRequest* request, v1::WatchSweepReply* reply) override;
  Reactor GetTrial(Context context, const v1::GetTrialRequest* request, v1::GetTrialReply* reply) override;
  Reactor Cancel(Context context, const v1::CancelRequest* request, v1::CancelReply* reply) override;
  Reactor Retry(Context context, const v1::RetryRequest* request, v1::RetryReply* reply) override;
  Reactor GetMetrics(Context context, const v1::GetMetricsRequest* request, v1::GetMetricsReply* reply) override;
  Reactor GetLog(Context context, const v1::GetLogRequest* request, v1::GetLogReply* reply) override;
  Reactor GetResults(Context context, const v1::GetResultsRequest* request, v1::GetResultsReply* reply) override;
  Reactor ListWorkers(Context context, const v1::ListWorkersRequest* request, v1::ListWorkersReply* reply) override;
  Reactor DrainWorker(Context context, const v1::DrainWorkerRequest* request, v1::DrainWorkerReply* reply) override;
  Reactor CreateToken(Context context, const v1::CreateTokenRequest* request, v1::CreateTokenReply* reply) override;
  Reactor CreateDashboardLink(Context context, const v1::CreateDashboardLinkRequest* request,
                              v1::CreateDashboardLinkReply* reply) override;
  Reactor GetInfo(Context context, const v1::GetInfoRequest* request, v1::GetInfoReply* reply) override;

 private:
  // Begins a call and runs `work` when its token allows `scope`; the status of `work` fails the call when it is not OK.
  template <class Work>
  Reactor Serve(Context context, const char* method, Scope scope, Work work);
  // The same on the read pool: `read` gives the reply, or why not.
  template <class Reply, class Read>
  Reactor ServeRead(Context context, const char* method, Reply* reply, Read read);

  Doors& doors_;
  WatchHub watches_;
};

}  // namespace plasa::rpc
