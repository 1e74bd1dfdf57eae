#include "coordinator/rpc/fleet_messages.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "coordinator/rpc/event_facts.h"
#include "coordinator/rpc/view_messages.h"

namespace plasa::rpc {
namespace {

// Bounds of one message; a worker that exceeds them is broken.
constexpr int kMaxSlots = 4096;
constexpr int kMaxTokens = 65536;
constexpr int kMaxEvents = 100000;
constexpr int kMaxMetrics = 4096;
constexpr size_t kMaxName = 256;
constexpr uint32_t kMaxWaitMs = 120'000;

absl::Status Wrong(absl::string_view member, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(member, " ", what));
}

absl::Status CheckWorkerId(const std::string& id) {
  if (id.size() != 16 || id.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return Wrong("worker_id", "must be 16 lower-case hexadecimal digits");
  }
  return absl::OkStatus();
}

absl::Status CheckCount(absl::string_view member, int count, int limit) {
  return count <= limit ? absl::OkStatus() : Wrong(member, absl::StrCat("has more than ", limit, " entries"));
}

WorkerDevice DeviceOf(const v1::Device& device) {
  return {device.kind(), device.model(), device.memory_bytes(), device.hardware_class()};
}

FinishedAttempt FinishedOf(const v1::Finished& finished) {
  return {finished.token(),   finished.last_seq(), finished.succeeded(), CauseWord(finished.cause()),
          finished.message(), finished.log_tail(), finished.log_offset()};
}

absl::StatusOr<TrainerEvent> EventOf(const v1::Event& event) {
  if (event.type().empty() || event.type().size() > 32) return Wrong("type of an event", "is missing or too long");
  if (event.step() < 0) return Wrong("step of an event", "is negative");
  if (event.metrics_size() > kMaxMetrics)
    return Wrong("metrics of an event", absl::StrCat("has more than ", kMaxMetrics, " entries"));
  TrainerEvent out{event.seq(),
                   event.type(),
                   event.step(),
                   event.time_unix_s(),
                   {},
                   event.json(),
                   FactsOf(event.type(), event.json())};
  for (const v1::MetricValue& metric : event.metrics()) {
    if (metric.name().empty() || metric.name().size() > kMaxName)
      return Wrong("name of a metric", "is missing or too long");
    out.metrics.emplace_back(metric.name(), metric.value());
  }
  return out;
}

CheckpointRef CheckpointOf(const v1::Checkpoint& checkpoint) {
  CheckpointRef out{checkpoint.digest(), checkpoint.step(), checkpoint.events_seq(), {}};
  for (const v1::CheckpointFile& file : checkpoint.files())
    out.files.push_back({file.name(), file.size(), file.sha256()});
  return out;
}

void FillCheckpoint(const CheckpointRef& checkpoint, v1::Checkpoint* message) {
  message->set_digest(checkpoint.digest);
  message->set_step(checkpoint.step);
  message->set_events_seq(checkpoint.events_seq);
  for (const CheckpointFileRef& file : checkpoint.files) {
    v1::CheckpointFile* entry = message->add_files();
    entry->set_name(file.name);
    entry->set_size(file.size);
    entry->set_sha256(file.sha256);
  }
}

v1::TokenVerdict::Verdict VerdictOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return v1::TokenVerdict::OK;
    case Verdict::kFenced:
      return v1::TokenVerdict::FENCED;
    case Verdict::kCancel:
      return v1::TokenVerdict::CANCEL;
  }
  return v1::TokenVerdict::VERDICT_UNSPECIFIED;
}

void FillVerdict(const TokenVerdict& verdict, v1::TokenVerdict* message) {
  message->set_token(verdict.token);
  message->set_verdict(VerdictOf(verdict.verdict));
  message->set_acked_seq(verdict.acked_seq);
}

void FillLease(const LeaseGrant& lease, v1::Lease* message) {
  message->set_token(lease.token);
  message->set_trial(lease.trial);
  message->set_attempt(lease.attempt);
  message->set_slot(lease.slot);
  message->set_trainer(lease.trainer);
  message->set_params_json(lease.params_json);
  message->set_data_json(lease.data_json);
  message->set_timeout_ms(lease.timeout_ms);
  message->set_checkpoint_every_ms(lease.checkpoint_every_ms);
  if (lease.resume) FillCheckpoint(*lease.resume, message->mutable_resume());
}

}  // namespace

absl::StatusOr<RegisterCommand> ToCommand(const v1::RegisterRequest& request) {
  if (absl::Status id = CheckWorkerId(request.worker_id()); !id.ok()) return id;
  if (absl::Status count = CheckCount("slots", request.slots_size(), kMaxSlots); !count.ok()) return count;
  if (absl::Status count = CheckCount("held", request.held_size(), kMaxTokens); !count.ok()) return count;
  if (request.name().size() > kMaxName) return Wrong("name", "is too long");
  RegisterCommand command{request.worker_id(), request.name(), request.boot_id(), request.version(), {}, {}, {}, 0};
  for (const v1::SlotInfo& slot : request.slots()) command.slots.push_back({slot.index(), DeviceOf(slot.device())});
  command.trainers.assign(request.trainers().begin(), request.trainers().end());
  command.held.assign(request.held().begin(), request.held().end());
  command.number = request.number();
  return command;
}

absl::StatusOr<ExchangeCommand> ToCommand(const v1::ExchangeRequest& request) {
  if (absl::Status id = CheckWorkerId(request.worker_id()); !id.ok()) return id;
  if (absl::Status count = CheckCount("free_slots", request.free_slots_size(), kMaxSlots); !count.ok()) return count;
  if (absl::Status count = CheckCount("held", request.held_size(), kMaxTokens); !count.ok()) return count;
  ExchangeCommand command;
  command.worker_id = request.worker_id();
  command.session = request.session();
  command.held.assign(request.held().begin(), request.held().end());
  command.free_slots.assign(request.free_slots().begin(), request.free_slots().end());
  for (const v1::Finished& finished : request.finished()) command.finished.push_back(FinishedOf(finished));
  for (const v1::LogChunk& log : request.logs()) command.logs.push_back({log.token(), log.offset(), log.data()});
  command.wait_ms = std::min(request.wait_ms(), kMaxWaitMs);
  command.number = request.number();
  return command;
}

absl::StatusOr<RenewCommand> ToCommand(const v1::RenewRequest& request) {
  if (absl::Status id = CheckWorkerId(request.worker_id()); !id.ok()) return id;
  if (absl::Status count = CheckCount("tokens", request.tokens_size(), kMaxTokens); !count.ok()) return count;
  return RenewCommand{request.worker_id(), request.session(), {request.tokens().begin(), request.tokens().end()}};
}

absl::StatusOr<ReportCommand> ToCommand(const v1::ReportRequest& request) {
  if (absl::Status id = CheckWorkerId(request.worker_id()); !id.ok()) return id;
  if (absl::Status count = CheckCount("events", request.events_size(), kMaxEvents); !count.ok()) return count;
  ReportCommand command{request.worker_id(), request.session(), request.token(), request.first_seq(), {}};
  for (const v1::Event& event : request.events()) {
    absl::StatusOr<TrainerEvent> read = EventOf(event);
    if (!read.ok()) return read.status();
    if (read->seq != request.first_seq() + command.events.size())
      return Wrong("events", "must have the seqs first_seq, first_seq + 1, ...");
    command.events.push_back(*std::move(read));
  }
  return command;
}

absl::StatusOr<PublishCommand> ToCommand(const v1::PublishRequest& request) {
  if (absl::Status id = CheckWorkerId(request.worker_id()); !id.ok()) return id;
  if (!request.has_checkpoint()) return Wrong("checkpoint", "is missing");
  return PublishCommand{request.worker_id(), request.session(), request.token(), CheckpointOf(request.checkpoint())};
}

absl::StatusOr<GoodbyeCommand> ToCommand(const v1::GoodbyeRequest& request) {
  if (absl::Status id = CheckWorkerId(request.worker_id()); !id.ok()) return id;
  return GoodbyeCommand{request.worker_id(), request.session()};
}

void Fill(const RegisterOutcome& outcome, v1::RegisterReply* reply) {
  reply->set_newest(outcome.newest);
  reply->set_session(outcome.session);
  reply->set_renew_every_ms(outcome.renew_every_ms);
  for (const TokenVerdict& verdict : outcome.verdicts) FillVerdict(verdict, reply->add_verdicts());
}

void Fill(const ExchangeOutcome& outcome, v1::ExchangeReply* reply) {
  for (const LeaseGrant& lease : outcome.leases) FillLease(lease, reply->add_leases());
  for (const FinishedAnswer& answer : outcome.finished) {
    v1::FinishedReply* entry = reply->add_finished();
    entry->set_token(answer.token);
    entry->set_accepted(answer.accepted);
    entry->set_reason(answer.reason);
    entry->set_acked_seq(answer.acked_seq);
  }
  reply->set_drain(outcome.drain);
}

void Fill(const RenewOutcome& outcome, v1::RenewReply* reply) {
  for (const TokenVerdict& verdict : outcome.verdicts) FillVerdict(verdict, reply->add_verdicts());
  reply->set_drain(outcome.drain);
}

}  // namespace plasa::rpc
