// What workers ask: register, exchange, renew, report, publish, goodbye.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/core/certificate.h"
#include "coordinator/core/core.h"
#include "coordinator/core/placement.h"

namespace plasa::coordinator {
namespace {

constexpr uint32_t kRenewEveryMs = 1000;

absl::Status Fenced(uint64_t token) {
  return absl::FailedPreconditionError(
      absl::StrCat("token ", token, " is stale: its trial went on elsewhere (FENCED)"));
}

}  // namespace

// The worker of a call, which is a sign of life.
absl::StatusOr<Worker*> Core::Present(const std::string& id, uint64_t session, Now now, Effects* fx) {
  NoteStall(now);
  Worker* worker = state_.FindWorker(id);
  if (worker == nullptr) return absl::NotFoundError(absl::StrCat("worker ", id, " is not registered"));
  if (worker->record.session != session || worker->record.gone) {
    return absl::FailedPreconditionError(
        absl::StrCat("session ", session, " of worker ", id, " is over: register again"));
  }
  worker->last_seen_ms = now.steady_ms;
  if (worker->shown_silent) {
    worker->shown_silent = false;
    fx->touched_workers = true;
    for (const uint64_t token : worker->tokens) Touch(*state_.FindTrial(state_.attempts.at(token).trial), fx);
  }
  return worker;
}

TokenVerdict Core::VerdictOn(const Worker& worker, uint64_t token) const {
  const auto attempt = state_.attempts.find(token);
  if (attempt == state_.attempts.end() || attempt->second.worker != worker.record.id)
    return {token, Verdict::kFenced, 0};
  const bool cancel = state_.trials.at(attempt->second.trial).record.cancel_requested;
  return {token, cancel ? Verdict::kCancel : Verdict::kOk, attempt->second.acked_seq};
}

absl::StatusOr<RegisterOutcome> Core::OnRegister(const RegisterCommand& command, Now now, Effects* fx) {
  NoteStall(now);
  Worker& worker = state_.workers[command.worker_id];
  // What a call that comes late says of the worker is not so any more.
  if (command.number != 0 && command.number <= worker.newest_register)
    return RegisterOutcome{0, kRenewEveryMs, {}, worker.newest_register};
  worker.newest_register = command.number;
  worker.newest_exchange = 0;
  if (worker.parked) AnswerParked(&worker, {}, fx);
  WorkerRecord& record = worker.record;
  const bool draining = record.draining;
  record = {command.worker_id, command.name, command.boot_id, command.version, record.session + 1,
            draining,          false,        command.slots,   command.trainers};
  worker.last_seen_ms = now.steady_ms;
  worker.shown_silent = false;
  fx->writes.emplace_back(PutWorker{record});
  fx->touched_workers = true;
  fx->said.push_back({"worker registered",
                      {{"worker", record.id}, {"name", record.name}, {"slots", absl::StrCat(record.slots.size())}}});
  RegisterOutcome outcome{record.session, kRenewEveryMs, {}, worker.newest_register};
  const std::set<uint64_t> held(command.held.begin(), command.held.end());
  for (const uint64_t token : held) outcome.verdicts.push_back(VerdictOn(worker, token));
  // A lease that never began is sent again with the next Exchange; one that began and is not here any more is lost.
  for (const uint64_t token : std::set<uint64_t>(worker.tokens)) {
    const AttemptRecord& attempt = state_.attempts.at(token);
    if (held.count(token) > 0) continue;
    if (IsOfAnEarlierLife(token)) {
      ForgetEarlierLife(attempt, now, fx);
    } else if (attempt.started) {
      Fail(attempt, Cause::kWorkerLost, "its worker came back without it", now, fx);
    }
  }
  GrantAll(now, fx);
  return outcome;
}

absl::StatusOr<RenewOutcome> Core::OnRenew(const RenewCommand& command, Now now, Effects* fx) {
  const absl::StatusOr<Worker*> worker = Present(command.worker_id, command.session, now, fx);
  if (!worker.ok()) return worker.status();
  RenewOutcome outcome;
  outcome.drain = (*worker)->record.draining;
  for (const uint64_t token : command.tokens) {
    TokenVerdict verdict = VerdictOn(**worker, token);
    verdict.acked_seq = 0;  // what is not durable yet is not said here: this answer does not wait for the database
    if (verdict.verdict == Verdict::kFenced) ++fx->fenced;
    outcome.verdicts.push_back(verdict);
  }
  return outcome;
}

void Core::OnExchange(Ticket ticket, const ExchangeCommand& command, Now now, Effects* fx) {
  const absl::StatusOr<Worker*> present = Present(command.worker_id, command.session, now, fx);
  if (!present.ok()) {
    fx->exchanges.push_back({ticket, present.status()});
    return;
  }
  Worker* worker = *present;
  if (command.number != 0 && command.number <= worker->newest_exchange) {
    fx->exchanges.push_back({ticket, absl::AbortedError("a newer exchange of this worker came first")});
    return;
  }
  worker->newest_exchange = command.number;
  if (worker->parked) AnswerParked(worker, {}, fx);
  for (const LogPiece& piece : command.logs) {
    if (worker->tokens.count(piece.token) > 0) fx->writes.emplace_back(AppendLog{piece});
  }
  ExchangeOutcome outcome;
  outcome.drain = worker->record.draining;
  std::set<uint64_t> held(command.held.begin(), command.held.end());
  for (const FinishedAttempt& finished : command.finished) {
    held.insert(finished.token);
    outcome.finished.push_back(Finish(worker, finished, now, fx));
  }
  JudgeRungs(now, fx);
  std::set<int32_t> free_slots(command.free_slots.begin(), command.free_slots.end());
  ForgetMissing(worker, held, free_slots, now, fx, &outcome.leases);
  for (const LeaseGrant& again : outcome.leases) free_slots.erase(again.slot);
  for (LeaseGrant& lease : GrantTo(worker, free_slots, now, fx)) outcome.leases.push_back(std::move(lease));
  const bool at_once = command.wait_ms == 0 || !outcome.leases.empty() || !outcome.finished.empty();
  worker->parked = Parked{ticket, std::move(free_slots), now.steady_ms + command.wait_ms};
  if (at_once) AnswerParked(worker, std::move(outcome), fx);
  GrantAll(now, fx);
}

// Live attempts of the worker that it does not hold: a lease that never began is given again while its slot is free,
// the rest is lost.
void Core::ForgetMissing(Worker* worker, const std::set<uint64_t>& held, const std::set<int32_t>& free_slots, Now now,
                         Effects* fx, std::vector<LeaseGrant>* again) {
  for (const uint64_t token : std::set<uint64_t>(worker->tokens)) {
    if (held.count(token) > 0) continue;
    const AttemptRecord& attempt = state_.attempts.at(token);
    const Trial& trial = *state_.FindTrial(attempt.trial);
    if (IsOfAnEarlierLife(token)) {
      ForgetEarlierLife(attempt, now, fx);
    } else if (!attempt.started && free_slots.count(attempt.slot) > 0 && !trial.record.cancel_requested) {
      again->push_back(GrantOf(trial, attempt));
    } else {
      Fail(attempt, attempt.started ? Cause::kWorkerLost : Cause::kControlPlane, "its worker does not hold it any more",
           now, fx);
    }
  }
}

// Whether the token was given before the database was restored. Its worker may have ended the attempt since, and the
// backup does not know: such a lease is never sent again, or two attempts would share a token and a directory.
bool Core::IsOfAnEarlierLife(uint64_t token) const { return token <= state_.token_floor; }

void Core::ForgetEarlierLife(const AttemptRecord& attempt, Now now, Effects* fx) {
  Fail(attempt, Cause::kControlPlane, "its end came after the backup that the coordinator was restored from", now, fx);
}

void Core::AnswerParked(Worker* worker, ExchangeOutcome outcome, Effects* fx) {
  outcome.drain = worker->record.draining;
  fx->exchanges.push_back({worker->parked->ticket, std::move(outcome)});
  worker->parked.reset();
}

FinishedAnswer Core::Finish(Worker* worker, const FinishedAttempt& finished, Now now, Effects* fx) {
  const AttemptRecord* attempt = state_.FindAttempt(finished.token);
  if (attempt == nullptr || worker->tokens.count(finished.token) == 0) {
    ++fx->fenced;
    return {finished.token, false, "the trial went on elsewhere (FENCED)", 0};
  }
  if (attempt->acked_seq < finished.last_seq) {
    return {finished.token, false, absl::StrCat("events after ", attempt->acked_seq, " are missing"),
            attempt->acked_seq};
  }
  const uint64_t acked = attempt->acked_seq;
  if (!finished.log_tail.empty())
    fx->writes.emplace_back(AppendLog{{finished.token, finished.log_offset, finished.log_tail}});
  if (finished.succeeded && attempt->result) {
    Succeed(*attempt, now, fx);
  } else if (finished.succeeded) {
    Fail(*attempt, Cause::kTrainerCrash, "the trainer left without a result event", now, fx);
  } else {
    const Cause cause = ParseCause(finished.cause).value_or(Cause::kTrainerCrash);
    const TrialLimits& limits = state_.trials.at(attempt->trial).record.limits;
    Fail(*attempt, cause, finished.message, now, fx, JudgeLog(limits, cause, finished.message, finished.log_tail));
  }
  return {finished.token, true, "", acked};
}

namespace {

void ApplyFacts(const TrainerEvent& event, const Trial& trial, AttemptRecord* attempt, Effects* fx) {
  if (const auto* start = std::get_if<StartFacts>(&event.facts)) {
    attempt->started = true;
    attempt->state = AttemptState::kRunning;
    attempt->start_step = event.step;
    attempt->last_step = event.step;
    attempt->steps_total = start->steps_total;
    attempt->build = start->build;
    attempt->data_digest = start->data_digest;
    attempt->certificate = Certify(*attempt, *start, event.step, trial.checkpoint);
  } else if (const auto* audit = std::get_if<AuditFacts>(&event.facts)) {
    (audit->passed ? attempt->audits_passed : attempt->audits_failed).insert(audit->number);
    if (!audit->passed) ++fx->audit_failures;
  } else if (const auto* result = std::get_if<ResultFacts>(&event.facts)) {
    attempt->result = *result;
  } else if (const auto* progress = std::get_if<ProgressFacts>(&event.facts);
             progress != nullptr && progress->steps_total > 0) {
    attempt->steps_total = progress->steps_total;
  }
  attempt->last_step = std::max(attempt->last_step, event.step);
}

}  // namespace

absl::StatusOr<uint64_t> Core::OnReport(const ReportCommand& command, Now now, Effects* fx) {
  const absl::StatusOr<Worker*> worker = Present(command.worker_id, command.session, now, fx);
  if (!worker.ok()) return worker.status();
  AttemptRecord* attempt = state_.FindAttempt(command.token);
  if (attempt == nullptr || (*worker)->tokens.count(command.token) == 0) {
    ++fx->fenced;
    return Fenced(command.token);
  }
  if (command.first_seq > attempt->acked_seq + 1) return attempt->acked_seq;  // a gap: go on behind what is here
  const Trial& trial = *state_.FindTrial(attempt->trial);
  AppendEvents append{command.token, attempt->trial, {}};
  for (const TrainerEvent& event : command.events) {
    if (event.seq <= attempt->acked_seq) continue;
    if (!attempt->started && !std::holds_alternative<StartFacts>(event.facts)) {
      return absl::InvalidArgumentError(
          "the first event of an attempt must be its start (see docs/trainer-interface.md)");
    }
    ApplyFacts(event, trial, attempt, fx);
    attempt->acked_seq = event.seq;
    append.events.push_back(event);
  }
  if (append.events.empty()) return attempt->acked_seq;
  CountReports(trial, append.events);
  Touch(trial, fx);
  fx->writes.emplace_back(PutAttempt{*attempt});
  fx->writes.emplace_back(std::move(append));
  return attempt->acked_seq;
}

absl::StatusOr<PublishOutcome> Core::OnPublish(const PublishCommand& command, Now now, Effects* fx) {
  const absl::StatusOr<Worker*> worker = Present(command.worker_id, command.session, now, fx);
  if (!worker.ok()) return worker.status();
  const AttemptRecord* attempt = state_.FindAttempt(command.token);
  if (attempt == nullptr || (*worker)->tokens.count(command.token) == 0) {
    ++fx->fenced;
    return Fenced(command.token);
  }
  if (attempt->acked_seq < command.checkpoint.events_seq) {
    return PublishOutcome{false, absl::StrCat("events up to ", command.checkpoint.events_seq, " are not here yet")};
  }
  Trial* trial = state_.FindTrial(attempt->trial);
  if (trial->checkpoint && trial->checkpoint->ref.step >= command.checkpoint.step) {
    const bool same = trial->checkpoint->ref.digest == command.checkpoint.digest;
    return PublishOutcome{same, same ? "" : "a checkpoint of that step or a later one is published already"};
  }
  trial->checkpoint =
      PublishedCheckpoint{command.checkpoint, command.token,        attempt->hardware_class, attempt->number,
                          attempt->build,     attempt->data_digest, attempt->certificate};
  fx->writes.emplace_back(PutCheckpoint{attempt->trial, *trial->checkpoint});
  if (!trial->record.failures.empty()) {
    trial->record.failures.clear();
    fx->writes.emplace_back(PutTrial{trial->record});
  }
  return PublishOutcome{true, ""};
}

absl::Status Core::OnGoodbye(const GoodbyeCommand& command, Now now, Effects* fx) {
  const absl::StatusOr<Worker*> worker = Present(command.worker_id, command.session, now, fx);
  if (!worker.ok()) return worker.status();
  if ((*worker)->parked) AnswerParked(*worker, {}, fx);
  (*worker)->record.gone = true;
  fx->writes.emplace_back(PutWorker{(*worker)->record});
  fx->touched_workers = true;
  fx->said.push_back({"worker left", {{"worker", command.worker_id}}});
  GrantAll(now, fx);
  return absl::OkStatus();
}

}  // namespace plasa::coordinator
