#include "coordinator/rpc/fleet_service.h"

#include <string>
#include <utility>

#include "coordinator/publishing.h"
#include "coordinator/rpc/fleet_messages.h"
#include "coordinator/rpc/parts.h"

namespace plasa::rpc {
namespace {

// Completes `call` with the outcome of a command, filled into `reply`.
template <class Outcome, class Reply>
Answer<Outcome> AnswerTo(CallPtr call, Reply* reply) {
  return [call = std::move(call), reply](absl::StatusOr<Outcome> outcome) {
    if (!outcome.ok()) return call->Fail(outcome.status());
    call->Succeed([&] { Fill(*outcome, reply); });
  };
}

void FillPublished(const PublishOutcome& outcome, v1::PublishReply* reply) {
  reply->set_published(outcome.published);
  reply->set_reason(outcome.reason);
}

}  // namespace

template <class Work>
FleetService::Reactor FleetService::Serve(Context context, const char* method, Work work) {
  const CallPtr call = Call::Begin(context, method, doors_.metrics);
  absl::Status status = call->Authorize(doors_.auth, Scope::kWorker);
  if (status.ok()) status = work(call);
  if (!status.ok()) call->Fail(status);
  return call.get();
}

template <class Request, class Work>
FleetService::Reactor FleetService::ServeCommand(Context context, const char* method, const Request& request,
                                                 Work work) {
  return Serve(context, method, [&](const CallPtr& call) -> absl::Status {
    auto command = ToCommand(request);
    if (!command.ok()) return command.status();
    work(call, *std::move(command));
    return absl::OkStatus();
  });
}

FleetService::Reactor FleetService::Register(Context context, const v1::RegisterRequest* request,
                                             v1::RegisterReply* reply) {
  return ServeCommand(context, "Register", *request, [&](const CallPtr& call, RegisterCommand command) {
    reply->set_cluster_uuid(doors_.info.cluster_uuid);
    reply->set_epoch(doors_.info.epoch);
    reply->set_artifact_share(doors_.info.artifact_share);
    doors_.commands.Register(std::move(command), AnswerTo<RegisterOutcome>(call, reply));
  });
}

FleetService::Reactor FleetService::Exchange(Context context, const v1::ExchangeRequest* request,
                                             v1::ExchangeReply* reply) {
  return ServeCommand(context, "Exchange", *request, [&](const CallPtr& call, ExchangeCommand command) {
    doors_.commands.Exchange(std::move(command), AnswerTo<ExchangeOutcome>(call, reply));
  });
}

FleetService::Reactor FleetService::Renew(Context context, const v1::RenewRequest* request, v1::RenewReply* reply) {
  return ServeCommand(context, "Renew", *request, [&](const CallPtr& call, RenewCommand command) {
    doors_.commands.Renew(std::move(command), AnswerTo<RenewOutcome>(call, reply));
  });
}

FleetService::Reactor FleetService::Report(Context context, const v1::ReportRequest* request, v1::ReportReply* reply) {
  return ServeCommand(context, "Report", *request, [&](const CallPtr& call, ReportCommand command) {
    doors_.commands.Report(std::move(command), [call, reply](absl::StatusOr<uint64_t> acked_seq) {
      if (!acked_seq.ok()) return call->Fail(acked_seq.status());
      call->Succeed([&] { reply->set_acked_seq(*acked_seq); });
    });
  });
}

FleetService::Reactor FleetService::PutChunk(Context context, const v1::PutChunkRequest* request,
                                             v1::PutChunkReply* reply) {
  return Serve(context, "PutChunk", [&](const CallPtr& call) {
    return Deliver(call, PutPart<v1::PutChunkReply>(doors_.artifacts, *request), reply);
  });
}

FleetService::Reactor FleetService::GetChunk(Context context, const v1::GetChunkRequest* request,
                                             v1::GetChunkReply* reply) {
  return Serve(context, "GetChunk",
               [&](const CallPtr& call) { return Deliver(call, GetPart(doors_.artifacts, *request), reply); });
}

FleetService::Reactor FleetService::Publish(Context context, const v1::PublishRequest* request,
                                            v1::PublishReply* reply) {
  return ServeCommand(context, "Publish", *request, [&](const CallPtr& call, PublishCommand command) {
    PublishStored(doors_.artifacts, doors_.commands, std::move(command),
                  [call, reply](absl::StatusOr<PublishOutcome> outcome) {
                    if (!outcome.ok()) return call->Fail(outcome.status());
                    call->Succeed([&] { FillPublished(*outcome, reply); });
                  });
  });
}

FleetService::Reactor FleetService::Goodbye(Context context, const v1::GoodbyeRequest* request, v1::GoodbyeReply*) {
  return ServeCommand(context, "Goodbye", *request, [&](const CallPtr& call, GoodbyeCommand command) {
    doors_.commands.Goodbye(std::move(command), [call](const absl::Status& said) {
      if (!said.ok()) return call->Fail(said);
      call->Succeed([] {});
    });
  });
}

}  // namespace plasa::rpc
