#include "fleet.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/publishing.h"
#include "coordinator/rpc/fleet_messages.h"

namespace plasa::sim {
namespace {

// As worker/grpc_fleet.cc has them.
constexpr uint64_t kCallMs = 10'000;
constexpr uint64_t kRenewMs = 3'000;

absl::Status Gone() { return absl::UnavailableError("connection refused"); }
// A transfer is one event here, so a cut is not worth trying again within it.
absl::Status Cut() { return absl::AbortedError("the transfer was cut"); }

// The current attempt of the trial that the stale token of a report once had.
void TakeForCurrent(const Disk& disk, ReportCommand* command) {
  const auto& attempts = disk.store().attempts();
  const auto stale = attempts.find(command->token);
  if (stale == attempts.end() || coordinator::IsLive(stale->second.state)) return;
  for (const auto& [token, attempt] : attempts) {
    if (attempt.trial != stale->second.trial || !coordinator::IsLive(attempt.state)) continue;
    command->token = token;
    command->worker_id = attempt.worker;
    command->session = disk.store().workers().at(attempt.worker).session;
  }
}

// What was sent counts as acknowledged, whatever became of it.
worker::Fleet::Done<v1::ReportReply> TakeForAcked(uint64_t last_seq, worker::Fleet::Done<v1::ReportReply> done) {
  return [last_seq, done = std::move(done)](absl::StatusOr<v1::ReportReply> reply) {
    const bool lost = absl::IsUnavailable(reply.status()) || absl::IsDeadlineExceeded(reply.status());
    if (lost) reply.emplace().set_acked_seq(last_seq);
    done(std::move(reply));
  };
}

// A call of the current session is a sign of life, from the moment the core comes to it.
template <class Request>
void Hear(Coordinator& coordinator, const Request& request) {
  const auto& workers = coordinator.disk().store().workers();
  const auto worker = workers.find(request.worker_id());
  if (worker != workers.end() && worker->second.session == request.session()) coordinator.HearNext(request.worker_id());
}

}  // namespace

// A call on its way; `done` is empty once it has ended.
template <class Reply>
struct Pending {
  worker::Fleet::Done<Reply> done;
  std::shared_ptr<World::Task> on_reset = std::make_shared<World::Task>();

  void Finish(World& world, const ProcessPtr& process, absl::StatusOr<Reply> reply) {
    if (!done) return;
    *on_reset = nullptr;
    world.After(0, process, [done = std::exchange(done, nullptr), reply = std::move(reply)] { done(reply); });
  }
};

template <class Reply>
SimFleet::Cancel SimFleet::Call(uint64_t deadline_ms, Serve<Reply> serve, Done<Reply> done) {
  auto pending = std::make_shared<Pending<Reply>>();
  pending->done = std::move(done);
  const auto finish = [&world = world_, process = process_, pending](absl::StatusOr<Reply> reply) {
    pending->Finish(world, process, std::move(reply));
  };
  *pending->on_reset = [&world = world_, &link = link_, process = process_, weak = std::weak_ptr(pending)] {
    link.Down([&world, process, weak] {
      if (const auto call = weak.lock()) call->Finish(world, process, Gone());
    });
  };
  world_.After(deadline_ms, process_, [finish] { finish(absl::DeadlineExceededError("no answer in time")); });
  link_.Up([epoch = coordinator_.epoch(), &coordinator = coordinator_, &link = link_, serve = std::move(serve), finish,
            reset = std::weak_ptr<World::Task>(pending->on_reset)] {
    const Respond<Reply> respond = [&link, finish](absl::StatusOr<Reply> reply) {
      link.Down([finish, reply = std::move(reply)] { finish(reply); });
    };
    const bool taken = epoch == coordinator.epoch() && coordinator.Receive(
                                                           [serve, respond](Commands& commands, Artifacts& artifacts) {
                                                             serve(commands, artifacts, respond);
                                                           },
                                                           reset.lock());
    if (!taken) link.Down([finish] { finish(Gone()); });
  });
  return [finish] { finish(absl::CancelledError("canceled")); };
}

void SimFleet::Register(v1::RegisterRequest request, Done<v1::RegisterReply> done) {
  Serve<v1::RegisterReply> serve = [&coordinator = coordinator_, &world = world_, request = std::move(request)](
                                       Commands& commands, Artifacts&, const auto& respond) {
    auto command = rpc::ToCommand(request);
    if (!command.ok()) return respond(command.status());
    commands.Register(*std::move(command), [&coordinator, &world, respond, id = request.worker_id(),
                                            came_ms = coordinator.AwakeMs()](auto outcome) {
      if (!outcome.ok()) return respond(outcome.status());
      if (outcome->session != 0) coordinator.Hear(id, came_ms);
      const auto& workers = coordinator.disk().store().workers();
      if (workers.count(id) == 0 || workers.at(id).session < outcome->session)
        world.Violate("P1: a session is answered before it is durable");
      v1::RegisterReply reply;
      rpc::Fill(*outcome, &reply);
      respond(std::move(reply));
    });
  };
  (void)Call<v1::RegisterReply>(kCallMs, std::move(serve), std::move(done));
}

SimFleet::Cancel SimFleet::Exchange(v1::ExchangeRequest request, Done<v1::ExchangeReply> done) {
  const uint64_t deadline_ms = kCallMs + request.wait_ms();
  Serve<v1::ExchangeReply> serve = [&coordinator = coordinator_, &world = world_, request = std::move(request)](
                                       Commands& commands, Artifacts&, const auto& respond) {
    auto command = rpc::ToCommand(request);
    if (!command.ok()) return respond(command.status());
    const bool early = coordinator.bug() == Bug::kFinishBeforeEvents;
    std::map<uint64_t, uint64_t> last_seqs;  // by token
    for (FinishedAttempt& finished : command->finished) {
      last_seqs[finished.token] = finished.last_seq;
      finished.last_seq = early ? 0 : finished.last_seq;
    }
    Hear(coordinator, request);
    const std::set<uint64_t> held(command->held.begin(), command->held.end());
    commands.Exchange(*std::move(command), [&coordinator, &world, respond, last_seqs](auto outcome) {
      if (!outcome.ok()) return respond(outcome.status());
      const auto& attempts = coordinator.disk().store().attempts();
      const auto& events = coordinator.disk().store().events();
      for (const FinishedAnswer& finished : outcome->finished) {
        const auto attempt = attempts.find(finished.token);
        if (finished.accepted && (attempt == attempts.end() || coordinator::IsLive(attempt->second.state)))
          world.Violate("P1: an end is answered before it is durable");
        const auto kept = events.find(finished.token);
        const uint64_t last = kept == events.end() ? 0 : kept->second.back().seq;
        if (finished.accepted && last < last_seqs.at(finished.token))
          world.Violate(absl::StrCat("P1: token ", finished.token, " ends before its events ", last + 1, " to ",
                                     last_seqs.at(finished.token)));
      }
      if (coordinator.bug() == Bug::kLostLeaseStays)
        std::erase_if(outcome->leases, [&](const auto& lease) { return !coordinator.NoteLease(lease.token); });
      for (const LeaseGrant& lease : outcome->leases) {
        if (attempts.count(lease.token) == 0) world.Violate("P1: a lease is given before it is durable");
      }
      v1::ExchangeReply reply;
      rpc::Fill(*outcome, &reply);
      respond(std::move(reply));
    });
  };
  return Call<v1::ExchangeReply>(deadline_ms, std::move(serve), std::move(done));
}

void SimFleet::RenewLater(v1::RenewRequest request, Done<v1::RenewReply> done) {
  Serve<v1::RenewReply> serve = [&coordinator = coordinator_, request = std::move(request)](
                                    Commands& commands, Artifacts&, const auto& respond) {
    auto command = rpc::ToCommand(request);
    if (!command.ok()) return respond(command.status());
    Hear(coordinator, request);
    const auto renew = [&commands, respond, command = *std::move(command)] {
      commands.Renew(command, [respond](auto outcome) {
        if (!outcome.ok()) return respond(outcome.status());
        v1::RenewReply reply;
        rpc::Fill(*outcome, &reply);
        respond(std::move(reply));
      });
    };
    if (coordinator.bug() == Bug::kRenewalsBehindWriter) return coordinator.AfterCommits(renew);
    renew();
  };
  (void)Call<v1::RenewReply>(kRenewMs, std::move(serve), std::move(done));
}

void SimFleet::Report(v1::ReportRequest request, Done<v1::ReportReply> done) {
  const uint64_t last_seq = request.first_seq() + static_cast<uint64_t>(request.events_size()) - 1;
  Serve<v1::ReportReply> serve = [&coordinator = coordinator_, &world = world_, request = std::move(request)](
                                     Commands& commands, Artifacts&, const auto& respond) {
    auto command = rpc::ToCommand(request);
    if (!command.ok()) return respond(command.status());
    Hear(coordinator, request);
    if (coordinator.bug() == Bug::kNoTokenCheck) TakeForCurrent(coordinator.disk(), &*command);
    if (coordinator.bug() == Bug::kNoGapCheck) command->first_seq = 1;
    commands.Report(*std::move(command), [&coordinator, &world, respond, token = request.token()](auto acked) {
      if (!acked.ok()) return respond(acked.status());
      const auto& events = coordinator.disk().store().events();
      const auto kept = events.find(token);
      if (*acked > (kept == events.end() ? 0 : kept->second.back().seq))
        world.Violate(absl::StrCat("P1: events of token ", token, " are acknowledged before they are durable"));
      v1::ReportReply reply;
      reply.set_acked_seq(*acked);
      respond(std::move(reply));
    });
  };
  if (coordinator_.bug() == Bug::kFinishBeforeEvents) done = TakeForAcked(last_seq, std::move(done));
  (void)Call<v1::ReportReply>(kCallMs, std::move(serve), std::move(done));
}

void SimFleet::Publish(v1::PublishRequest request, Done<v1::PublishReply> done) {
  Serve<v1::PublishReply> serve = [&coordinator = coordinator_, request = std::move(request)](
                                      Commands& commands, Artifacts& artifacts, const auto& respond) {
    auto command = rpc::ToCommand(request);
    if (!command.ok()) return respond(command.status());
    PublishStored(artifacts, commands, *std::move(command), [respond](auto outcome) {
      if (!outcome.ok()) return respond(outcome.status());
      v1::PublishReply reply;
      reply.set_published(outcome->published);
      reply.set_reason(outcome->reason);
      respond(std::move(reply));
    });
  };
  (void)Call<v1::PublishReply>(kCallMs, std::move(serve), std::move(done));
}

absl::StatusOr<v1::RenewReply> SimFleet::Renew(const v1::RenewRequest&) {
  return absl::UnimplementedError("simulated renewals do not block");
}

absl::StatusOr<v1::PutChunkReply> SimFleet::PutChunk(const v1::PutChunkRequest& request) {
  Artifacts* artifacts = coordinator_.artifacts();
  if (artifacts == nullptr || !link_.Passes()) return Cut();
  const auto progress = artifacts->Put(request.sha256(), request.size(), request.offset(), request.data());
  if (!progress.ok()) return Cut();
  if (progress->complete && coordinator_.bug() == Bug::kForgetDirectorySync)
    coordinator_.NoteArtifact(request.sha256());
  v1::PutChunkReply reply;
  reply.set_next_offset(progress->next_offset);
  reply.set_complete(progress->complete);
  return reply;
}

absl::StatusOr<v1::GetChunkReply> SimFleet::GetChunk(const v1::GetChunkRequest& request) {
  Artifacts* artifacts = coordinator_.artifacts();
  if (artifacts == nullptr || !link_.Passes()) return Cut();
  auto chunk = artifacts->Get(request.sha256(), request.offset(), request.max_bytes());
  if (!chunk.ok()) return chunk.status();
  v1::GetChunkReply reply;
  reply.set_size(chunk->size);
  reply.set_data(std::move(chunk->data));
  return reply;
}

// Said into the wind: the daemon does not wait for it here.
absl::Status SimFleet::Goodbye(const v1::GoodbyeRequest& request) {
  link_.Up([epoch = coordinator_.epoch(), &coordinator = coordinator_, request] {
    if (epoch != coordinator.epoch()) return;
    (void)coordinator.Receive(
        [request](Commands& commands, Artifacts&) {
          if (auto command = rpc::ToCommand(request); command.ok())
            commands.Goodbye(*std::move(command), [](const absl::Status&) {});
        },
        nullptr);
  });
  return absl::OkStatus();
}

SimRenewals::SimRenewals(World& world, SimFleet& fleet, ProcessPtr process, std::string worker_id, OnReply on_reply)
    : world_(world),
      fleet_(fleet),
      process_(std::move(process)),
      worker_id_(std::move(worker_id)),
      on_reply_(std::move(on_reply)) {
  Renew();
}

void SimRenewals::Set(uint64_t session, std::vector<uint64_t> tokens, uint32_t every_ms) {
  session_ = session;
  tokens_ = std::move(tokens);
  if (every_ms > 0) every_ms_ = every_ms;
}

void SimRenewals::Renew() {
  const uint64_t next_ms = world_.now_ms() + every_ms_;
  if (session_ == 0) return world_.After(every_ms_, process_, [this] { Renew(); });
  v1::RenewRequest request;
  request.set_worker_id(worker_id_);
  request.set_session(session_);
  request.mutable_tokens()->Add(tokens_.begin(), tokens_.end());
  fleet_.RenewLater(std::move(request), [this, session = session_, next_ms](absl::StatusOr<v1::RenewReply> reply) {
    on_reply_(session, std::move(reply));
    const uint64_t now = world_.now_ms();
    world_.After(next_ms > now ? next_ms - now : 0, process_, [this] { Renew(); });
  });
}

}  // namespace plasa::sim
