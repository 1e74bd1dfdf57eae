#include "coordinator/rpc/control_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "coordinator/rpc/parts.h"
#include "coordinator/rpc/view_messages.h"
#include "coordinator/seed_request.h"

namespace plasa::rpc {
namespace {

constexpr size_t kMaxRequestId = 128;
constexpr size_t kMaxLabel = 200;

// The tag of a mutating request: its id, and the hash of the rest.
template <class Request>
absl::StatusOr<RequestTag> TagOf(const Request& request) {
  if (request.request_id().size() > kMaxRequestId)
    return absl::InvalidArgumentError("request_id is longer than 128 characters");
  Request body = request;
  body.clear_request_id();
  return RequestTag{request.request_id(),
                    Sha256Hex(absl::StrCat(Request::descriptor()->full_name(), "\n", body.SerializeAsString()))};
}

// The worker that `text` names: its id, its name, or a unique prefix of its id.
absl::StatusOr<std::string> FindWorker(const std::vector<WorkerView>& workers, const std::string& text) {
  std::vector<std::string> found;
  for (const WorkerView& worker : workers) {
    if (worker.id == text) return text;
    if (worker.name == text || (!text.empty() && absl::StartsWith(worker.id, text))) found.push_back(worker.id);
  }
  if (found.empty()) return absl::NotFoundError(absl::StrCat("no worker is called '", text, "'"));
  if (found.size() > 1)
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' fits several workers; give more of the id"));
  return found.front();
}

// Completes `call` with the outcome of a command, filled by `fill`.
template <class Outcome, class Fill>
Answer<Outcome> AnswerTo(CallPtr call, Fill fill) {
  return [call = std::move(call), fill](absl::StatusOr<Outcome> outcome) {
    if (!outcome.ok()) return call->Fail(outcome.status());
    call->Succeed([&] { fill(*outcome); });
  };
}

}  // namespace

template <class Work>
ControlService::Reactor ControlService::Serve(Context context, const char* method, Scope scope, Work work) {
  const CallPtr call = Call::Begin(context, method, doors_.metrics);
  absl::Status status = call->Authorize(doors_.auth, scope);
  if (status.ok()) status = work(call);
  if (!status.ok()) call->Fail(status);
  return call.get();
}

template <class Reply, class Read>
ControlService::Reactor ControlService::ServeRead(Context context, const char* method, Reply* reply, Read read) {
  return Serve(context, method, Scope::kRead, [&](const CallPtr& call) {
    return doors_.reads.Post([call, reply, read, &commands = doors_.commands](store::Reader& reader) {
      ControlReads reads(reader, commands);
      absl::StatusOr<Reply> result = read(reads);
      if (!result.ok()) return call->Fail(result.status());
      call->Succeed([&] { reply->Swap(&*result); });
    });
  });
}

ControlService::Reactor ControlService::Submit(Context context, const v1::SubmitRequest* request,
                                               v1::SubmitReply* reply) {
  return Serve(context, "Submit", Scope::kSubmit, [&](const CallPtr& call) -> absl::Status {
    absl::StatusOr<RequestTag> tag = TagOf(*request);
    if (!tag.ok()) return tag.status();
    doors_.commands.Submit({*std::move(tag), request->spec_text()},
                           AnswerTo<SubmitOutcome>(call, [reply](const SubmitOutcome& outcome) {
                             reply->set_sweep_id(outcome.sweep_id);
                             reply->set_trials(outcome.trials);
                             reply->set_created(outcome.created);
                             reply->set_requeued(outcome.requeued);
                           }));
    return absl::OkStatus();
  });
}

ControlService::Reactor ControlService::AddSeeds(Context context, const v1::AddSeedsRequest* request,
                                                 v1::AddSeedsReply* reply) {
  return Serve(context, "AddSeeds", Scope::kSubmit, [&](const CallPtr& call) -> absl::Status {
    const absl::StatusOr<RequestTag> tag = TagOf(*request);
    if (!tag.ok()) return tag.status();
    return doors_.reads.Post([call, reply, tag = *tag, sweep = request->sweep(), seeds = request->seeds(),
                              &commands = doors_.commands](store::Reader& reader) {
      absl::StatusOr<AddSeedsCommand> command = MoreSeedsOf(reader, sweep, seeds);
      if (!command.ok()) return call->Fail(command.status());
      command->tag = tag;
      commands.AddSeeds(*std::move(command), AnswerTo<SubmitOutcome>(call, [reply](const SubmitOutcome& outcome) {
        reply->set_sweep_id(outcome.sweep_id);
        reply->set_trials(outcome.trials);
        reply->set_created(outcome.created);
        reply->set_requeued(outcome.requeued);
      }));
    });
  });
}

ControlService::Reactor ControlService::PutData(Context context, const v1::PutDataRequest* request,
                                                v1::PutDataReply* reply) {
  return Serve(context, "PutData", Scope::kSubmit, [&](const CallPtr& call) {
    return Deliver(call, PutPart<v1::PutDataReply>(doors_.artifacts, *request), reply);
  });
}

ControlService::Reactor ControlService::Plan(Context context, const v1::PlanRequest* request, v1::PlanReply* reply) {
  return Serve(context, "Plan", Scope::kRead, [&](const CallPtr& call) {
    doors_.commands.Plan(request->spec_text(), AnswerTo<PlanOutcome>(call, [reply](const PlanOutcome& outcome) {
                           reply->set_trials(outcome.trials);
                           reply->set_existing(outcome.existing);
                           reply->set_expected_s(outcome.expected_s);
                         }));
    return absl::OkStatus();
  });
}

ControlService::Reactor ControlService::ListSweeps(Context context, const v1::ListSweepsRequest* request,
                                                   v1::ListSweepsReply* reply) {
  return ServeRead(context, "ListSweeps", reply,
                   [request = *request](ControlReads& reads) { return reads.ListSweeps(request); });
}

ControlService::Reactor ControlService::GetSweep(Context context, const v1::GetSweepRequest* request,
                                                 v1::GetSweepReply* reply) {
  return ServeRead(context, "GetSweep", reply, [request = *request, &live = doors_.live](ControlReads& reads) {
    return reads.GetSweep(request, live.Cursor());
  });
}

ControlService::Reactor ControlService::WatchSweep(Context context, const v1::WatchSweepRequest* request,
                                                   v1::WatchSweepReply* reply) {
  return Serve(context, "WatchSweep", Scope::kRead, [&](const CallPtr& call) {
    return doors_.reads.Post([this, call, request = *request, reply](store::Reader& reader) {
      absl::StatusOr<std::string> sweep = reader.FindSweep(request.sweep());
      if (!sweep.ok()) return call->Fail(sweep.status());
      watches_.Add(call, *std::move(sweep), request, reply);
    });
  });
}

ControlService::Reactor ControlService::GetTrial(Context context, const v1::GetTrialRequest* request,
                                                 v1::GetTrialReply* reply) {
  return ServeRead(context, "GetTrial", reply,
                   [request = *request](ControlReads& reads) { return reads.GetTrial(request); });
}

ControlService::Reactor ControlService::Cancel(Context context, const v1::CancelRequest* request,
                                               v1::CancelReply* reply) {
  return Serve(context, "Cancel", Scope::kSubmit, [&](const CallPtr& call) -> absl::Status {
    const absl::StatusOr<RequestTag> tag = TagOf(*request);
    if (!tag.ok()) return tag.status();
    return doors_.reads.Post(
        [call, reply, tag = *tag, target = request->target(), &commands = doors_.commands](store::Reader& reader) {
          absl::StatusOr<CancelCommand> command = ControlReads(reader, commands).Resolve<CancelCommand>(target);
          if (!command.ok()) return call->Fail(command.status());
          command->tag = tag;
          commands.Cancel(*std::move(command), AnswerTo<CancelOutcome>(call, [reply](const CancelOutcome& outcome) {
            reply->set_canceled(outcome.canceled);
            reply->set_kept(outcome.kept);
          }));
        });
  });
}

ControlService::Reactor ControlService::Retry(Context context, const v1::RetryRequest* request, v1::RetryReply* reply) {
  return Serve(context, "Retry", Scope::kSubmit, [&](const CallPtr& call) -> absl::Status {
    const absl::StatusOr<RequestTag> tag = TagOf(*request);
    if (!tag.ok()) return tag.status();
    return doors_.reads.Post(
        [call, reply, tag = *tag, target = request->target(), &commands = doors_.commands](store::Reader& reader) {
          absl::StatusOr<RetryCommand> command = ControlReads(reader, commands).Resolve<RetryCommand>(target);
          if (!command.ok()) return call->Fail(command.status());
          command->tag = tag;
          commands.Retry(*std::move(command), AnswerTo<RetryOutcome>(call, [reply](const RetryOutcome& outcome) {
            reply->set_trials(outcome.trials);
            reply->set_requeued(outcome.requeued);
          }));
        });
  });
}

ControlService::Reactor ControlService::GetMetrics(Context context, const v1::GetMetricsRequest* request,
                                                   v1::GetMetricsReply* reply) {
  return ServeRead(context, "GetMetrics", reply,
                   [request = *request](ControlReads& reads) { return reads.GetMetrics(request); });
}

ControlService::Reactor ControlService::GetLog(Context context, const v1::GetLogRequest* request,
                                               v1::GetLogReply* reply) {
  return ServeRead(context, "GetLog", reply,
                   [request = *request](ControlReads& reads) { return reads.GetLog(request); });
}

ControlService::Reactor ControlService::GetResults(Context context, const v1::GetResultsRequest* request,
                                                   v1::GetResultsReply* reply) {
  return ServeRead(context, "GetResults", reply,
                   [request = *request](ControlReads& reads) { return reads.GetResults(request); });
}

ControlService::Reactor ControlService::ListWorkers(Context context, const v1::ListWorkersRequest* request,
                                                    v1::ListWorkersReply* reply) {
  return Serve(context, "ListWorkers", Scope::kRead, [&](const CallPtr& call) {
    doors_.commands.Workers(request->include_gone(),
                            AnswerTo<std::vector<WorkerView>>(call, [reply](const std::vector<WorkerView>& workers) {
                              for (const WorkerView& worker : workers) Fill(worker, reply->add_workers());
                            }));
    return absl::OkStatus();
  });
}

ControlService::Reactor ControlService::DrainWorker(Context context, const v1::DrainWorkerRequest* request,
                                                    v1::DrainWorkerReply* reply) {
  return Serve(context, "DrainWorker", Scope::kSubmit, [&](const CallPtr& call) -> absl::Status {
    absl::StatusOr<RequestTag> tag = TagOf(*request);
    if (!tag.ok()) return tag.status();
    DrainCommand command{*std::move(tag), request->worker(), request->undo()};
    doors_.commands.Workers(
        true, [call, reply, command, &commands = doors_.commands](absl::StatusOr<std::vector<WorkerView>> workers) {
          if (!workers.ok()) return call->Fail(workers.status());
          const absl::StatusOr<std::string> id = FindWorker(*workers, command.worker);
          if (!id.ok()) return call->Fail(id.status());
          commands.Drain(
              {command.tag, *id, command.undo},
              AnswerTo<WorkerView>(call, [reply](const WorkerView& worker) { Fill(worker, reply->mutable_worker()); }));
        });
    return absl::OkStatus();
  });
}

ControlService::Reactor ControlService::CreateToken(Context context, const v1::CreateTokenRequest* request,
                                                    v1::CreateTokenReply* reply) {
  return Serve(context, "CreateToken", Scope::kAdmin, [&](const CallPtr& call) -> absl::Status {
    const std::optional<Scope> scope = ParseScope(request->scope());
    if (!scope)
      return absl::InvalidArgumentError(
          absl::StrCat("no scope is called '", request->scope(), "' (read, submit, admin, worker or metrics)"));
    if (request->label().size() > kMaxLabel)
      return absl::InvalidArgumentError("the label is longer than 200 characters");
    doors_.auth.CreateToken(
        request->request_id(), *scope, request->label(),
        AnswerTo<std::string>(call, [reply](const std::string& token) { reply->set_token(token); }));
    return absl::OkStatus();
  });
}

ControlService::Reactor ControlService::CreateDashboardLink(Context context, const v1::CreateDashboardLinkRequest*,
                                                            v1::CreateDashboardLinkReply* reply) {
  return Serve(context, "CreateDashboardLink", Scope::kRead, [&](const CallPtr& call) -> absl::Status {
    const absl::StatusOr<Scope> scope = doors_.auth.Identify(call->secret());
    if (!scope.ok()) return scope.status();
    const std::string link = doors_.auth.CreateLink(*scope);
    call->Succeed([&] { reply->set_url(absl::StrCat(doors_.info.http_url, "/login?link=", link)); });
    return absl::OkStatus();
  });
}

ControlService::Reactor ControlService::GetInfo(Context context, const v1::GetInfoRequest*, v1::GetInfoReply* reply) {
  return Serve(context, "GetInfo", Scope::kRead, [&](const CallPtr& call) {
    const ServerInfo& info = doors_.info;
    call->Succeed([&] {
      reply->set_version(info.version);
      reply->set_cluster_uuid(info.cluster_uuid);
      reply->set_epoch(info.epoch);
      reply->set_http_url(info.http_url);
      reply->set_schema_version(info.schema_version);
      reply->set_uptime_s(static_cast<double>(doors_.clock.SteadyMs() - info.started_steady_ms) / 1000);
      reply->set_state_dir(info.state_dir);
    });
    return absl::OkStatus();
  });
}

}  // namespace plasa::rpc
