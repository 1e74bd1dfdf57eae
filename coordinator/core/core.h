// The deciding half of the coordinator: events in, Effects out. No thread, clock, socket, SQL, log or exception. The
// caller persists the effects of one event before it answers, and applies them in the order of the events.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/core/lifecycle.h"
#include "coordinator/core/log_rules.h"
#include "coordinator/core/model/effects.h"
#include "coordinator/core/model/user_commands.h"
#include "coordinator/core/state.h"
#include "coordinator/core/submission.h"

namespace plasa::coordinator {

// Figures for operators.
struct CoreFigures {
  std::map<std::string, double> trials;   // by state
  std::map<std::string, double> workers;  // by state
  double idle_slots = 0;
  double busy_slots = 0;
  double queue_age_s = 0;
};

// Sole owner of State; one thread. `fx` gathers what is to be done; it is never read. A refused event has no effects.
class Core {
 public:
  // `state` as it was loaded; every worker gets its full time from `now` on.
  Core(State state, Now now);

  // Users. ABORTED for a request id that was used with another body.
  [[nodiscard]] absl::StatusOr<SubmitOutcome> OnSubmit(const RequestTag& tag, const Submission& submission, Now now,
                                                       Effects* fx);
  // FAILED_PRECONDITION for a sweep that cannot take seeds (canceled; its own rule adds them; the rule has stopped),
  // and ABORTED where seeds were added meanwhile.
  [[nodiscard]] absl::StatusOr<SubmitOutcome> OnAddSeeds(const AddSeedsCommand& command, const MoreSeeds& more, Now now,
                                                         Effects* fx);
  [[nodiscard]] absl::StatusOr<CancelOutcome> OnCancel(const CancelCommand& command, Now now, Effects* fx);
  // Queues again what ended without a result, of a sweep (which goes on if it was canceled) or one trial: what failed,
  // was canceled, or was stopped by an audit. NOT_FOUND; FAILED_PRECONDITION for a trial that cannot be retried, with
  // the reason.
  [[nodiscard]] absl::StatusOr<RetryOutcome> OnRetry(const RetryCommand& command, Now now, Effects* fx);
  [[nodiscard]] absl::StatusOr<WorkerView> OnDrain(const DrainCommand& command, Now now, Effects* fx);

  // Workers. NOT_FOUND for an unknown worker and FAILED_PRECONDITION for an old session or a stale token: register
  // again.
  [[nodiscard]] absl::StatusOr<RegisterOutcome> OnRegister(const RegisterCommand& command, Now now, Effects* fx);
  // Answered through fx->exchanges, now or by a later event.
  void OnExchange(Ticket ticket, const ExchangeCommand& command, Now now, Effects* fx);
  [[nodiscard]] absl::StatusOr<RenewOutcome> OnRenew(const RenewCommand& command, Now now, Effects* fx);
  [[nodiscard]] absl::StatusOr<uint64_t> OnReport(const ReportCommand& command, Now now, Effects* fx);
  [[nodiscard]] absl::StatusOr<PublishOutcome> OnPublish(const PublishCommand& command, Now now, Effects* fx);
  [[nodiscard]] absl::Status OnGoodbye(const GoodbyeCommand& command, Now now, Effects* fx);

  // The store refused points of an attempt that contradict stored ones.
  void OnConflict(const std::string& trial, uint64_t points);
  // What the store had for an AskHistory.
  void OnHistory(const TrialHistory& history);
  // Several times a second: deadlines, silences, long polls that end. A gap between two ticks is this process's own
  // stall and is nobody's silence.
  void OnTick(Now now, Effects* fx);

  // Questions.
  [[nodiscard]] PlanOutcome Plan(const Submission& submission) const;
  [[nodiscard]] std::vector<WorkerView> Workers(bool include_gone, Now now) const;
  [[nodiscard]] Judgements Judge(const std::vector<std::string>& trials, Now now) const;
  [[nodiscard]] CoreFigures Figures(Now now) const;
  [[nodiscard]] const State& state() const { return state_; }
  // Tickets of calls that still wait; they are given up with the core.
  [[nodiscard]] std::vector<Ticket> Waiting() const;

 private:
  // core_users.cc
  [[nodiscard]] absl::StatusOr<std::string> Replay(const RequestTag& tag) const;
  void Remember(const RequestTag& tag, std::string reply, Now now, Effects* fx);
  void AddSweep(const Submission& submission, Now now, Effects* fx);
  void AddMember(Sweep* sweep, const TrialSpec& spec, const SweepSpec& asked, Now now, SubmitOutcome* outcome,
                 Effects* fx);
  void AddMissing(Sweep* sweep, const MoreSeeds& more, Now now, SubmitOutcome* outcome, Effects* fx);
  void CreateTrial(Trial* trial, const TrialSpec& spec, const SweepSpec& asked, Now now);
  [[nodiscard]] bool CancelTrial(Trial* trial, Effects* fx);

  // core_retry.cc
  [[nodiscard]] bool Requeue(Trial* trial, Now now, Effects* fx);
  [[nodiscard]] bool RetryTrial(Trial* trial, Now now, Effects* fx);

  // core_fleet.cc
  [[nodiscard]] absl::StatusOr<Worker*> Present(const std::string& worker, uint64_t session, Now now, Effects* fx);
  [[nodiscard]] TokenVerdict VerdictOn(const Worker& worker, uint64_t token) const;
  void ForgetMissing(Worker* worker, const std::set<uint64_t>& held, const std::set<int32_t>& free_slots, Now now,
                     Effects* fx, std::vector<LeaseGrant>* again);
  [[nodiscard]] bool IsOfAnEarlierLife(uint64_t token) const;
  void ForgetEarlierLife(const AttemptRecord& attempt, Now now, Effects* fx);
  [[nodiscard]] FinishedAnswer Finish(Worker* worker, const FinishedAttempt& finished, Now now, Effects* fx);
  void AnswerParked(Worker* worker, ExchangeOutcome outcome, Effects* fx);

  // core_grants.cc
  void GrantAll(Now now, Effects* fx);
  [[nodiscard]] std::vector<LeaseGrant> GrantTo(Worker* worker, const std::set<int32_t>& free_slots, Now now,
                                                Effects* fx);
  [[nodiscard]] std::vector<Trial*> EligibleTrials(Now now);
  [[nodiscard]] Trial* NextTrial(const Worker& worker, const WorkerDevice& device, const std::vector<Trial*>& eligible,
                                 Now now);
  [[nodiscard]] bool TakeFromHolder(Trial* trial, Now now, Effects* fx);
  [[nodiscard]] LeaseGrant Grant(Trial* trial, Worker* worker, int32_t slot, const WorkerDevice& device, Now now,
                                 Effects* fx);
  [[nodiscard]] LeaseGrant GrantOf(const Trial& trial, const AttemptRecord& attempt) const;

  // core_endings.cc
  void Succeed(AttemptRecord attempt, Now now, Effects* fx);
  void Fail(AttemptRecord attempt, Cause cause, const std::string& message, Now now, Effects* fx,
            const LogVerdict& verdict = {});
  void Release(const AttemptRecord& attempt);
  void SettleCanceled(Now now, Effects* fx);

  // core_rungs.cc
  void EnterRungs(Sweep* sweep, const Trial& trial, const TrialSpec& spec, Effects* fx) const;
  void CountReports(const Trial& trial, const std::vector<TrainerEvent>& events);
  void JudgeRungs(Now now, Effects* fx);
  void Prune(Trial* trial, Effects* fx);
  void SettleUnwanted(Trial* trial) const;
  void WithdrawResult(Trial* trial) const;
  [[nodiscard]] static bool RestoreResult(Trial* trial);

  // core.cc
  void NoteStall(Now now);
  void Touch(const Trial& trial, Effects* fx);

  State state_;
  int64_t last_tick_ms_;
  std::set<std::string> unjudged_;  // sweeps whose next rung may have become full
};

// The worker as users see it.
[[nodiscard]] WorkerView ViewOf(const Worker& worker, const State& state, int64_t now_ms);
// "online", "silent", "draining" or "gone".
[[nodiscard]] std::string StateWord(const Worker& worker, int64_t now_ms);

}  // namespace plasa::coordinator
