#include "coordinator/core_desk.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/runtime/log.h"
#include "coordinator/data_hold.h"

namespace plasa {
namespace {

constexpr Log kLog("core");

constexpr int64_t kFiguresEveryMs = 1000;
constexpr int64_t kResumeEveryMs = 1000;
// How full the mailbox may be for each kind: metrics are refused first, signs of life last.
constexpr size_t kReportLimit = 4'000;
constexpr size_t kUsualLimit = 8'000;
constexpr size_t kRenewLimit = 16'000;
constexpr size_t kNoLimit = std::numeric_limits<size_t>::max();  // what the core asked for and waits for
constexpr size_t kCommitLimit = 4'000;                           // commits that wait, before reports are refused

absl::Status Busy() {
  return absl::ResourceExhaustedError("the coordinator has more to do than it can; try again in a second");
}
absl::Status DiskFull() {
  return absl::ResourceExhaustedError(
      "the coordinator's disk is full: it takes nothing new until there is room (free some space; it goes on by "
      "itself; nothing acknowledged is lost)");
}

bool EndsSomething(const RenewOutcome& outcome) {
  return std::any_of(outcome.verdicts.begin(), outcome.verdicts.end(),
                     [](const TokenVerdict& verdict) { return verdict.verdict != Verdict::kOk; });
}

void Say(const coordinator::Effects& fx) {
  for (const coordinator::Said& said : fx.said) {
    std::string line = said.phrase;
    for (const auto& [key, value] : said.fields) {
      if (!value.empty()) absl::StrAppend(&line, " ", key, "=", value);
    }
    kLog.Info(line);
  }
}

}  // namespace

void CoreDesk::Open(coordinator::State state) { core_ = std::make_unique<coordinator::Core>(std::move(state), Now()); }

void CoreDesk::Close(const absl::Status& why) {
  for (auto& [ticket, answer] : std::exchange(waiting_, {})) answer(why);
}

void CoreDesk::Tick() {
  if (read_only_ && StillReadOnly()) return;
  Effects fx;
  core_->OnTick(Now(), &fx);
  const bool idle = fx.writes.empty() && fx.exchanges.empty();
  if (!idle) {
    Commit(std::move(fx), [](const absl::Status&) {});
  } else {
    doors_.live.Publish(ChangeOf(fx));
  }
  if (doors_.clock.SteadyMs() >= figures_due_ms_) ShowFigures();
}

bool CoreDesk::StillReadOnly() {
  if (doors_.clock.SteadyMs() < resume_due_ms_) return true;
  resume_due_ms_ = doors_.clock.SteadyMs() + kResumeEveryMs;
  if (!doors_.committer.Resume().ok()) return true;
  read_only_ = false;
  doors_.metrics.SetReadOnly(false);
  kLog.Info("there is room on the disk again; going on");
  return false;
}

void CoreDesk::Recover() {
  kLog.Error("the disk is full; nothing new is taken until there is room");
  Close(DiskFull());
  read_only_ = true;
  doors_.metrics.SetReadOnly(true);
  doors_.committer.AwaitIdle();
  absl::StatusOr<coordinator::State> state = doors_.committer.Load();
  if (!state.ok()) {
    kLog.Error("cannot read the state back; stopping, so that the next start begins from what is on the disk",
               {{"why", std::string(state.status().message())}});
    std::abort();
  }
  state->KeepCallNumbers(core_->state());
  Open(*std::move(state));
}

void CoreDesk::ShowFigures() {
  figures_due_ms_ = doors_.clock.SteadyMs() + kFiguresEveryMs;
  const coordinator::CoreFigures figures = core_->Figures(Now());
  for (const auto& [state, count] : figures.trials) doors_.metrics.SetTrials(state, count);
  for (const auto& [state, count] : figures.workers) doors_.metrics.SetWorkers(state, count);
  doors_.metrics.SetSlots("idle", figures.idle_slots);
  doors_.metrics.SetSlots("busy", figures.busy_slots);
  doors_.metrics.SetQueueAge(figures.queue_age_s);
}

void CoreDesk::Count(const Effects& fx) const {
  doors_.metrics.CountLeases("granted", fx.granted);
  doors_.metrics.CountLeases("expired", fx.expired);
  doors_.metrics.CountLeases("fenced", fx.fenced);
  doors_.metrics.CountAuditFailures(fx.audit_failures);
}

LiveChange CoreDesk::ChangeOf(const Effects& fx) const {
  LiveChange change;
  change.sweeps = fx.touched_sweeps;
  change.trials = fx.touched_trials;
  change.workers = fx.touched_workers;
  for (const coordinator::Write& write : fx.writes) {
    const auto* append = std::get_if<coordinator::AppendEvents>(&write);
    if (append == nullptr) continue;
    LivePoints points{"", append->trial, {}};
    for (const TrainerEvent& event : append->events) {
      for (const auto& [name, value] : event.metrics)
        points.points.push_back({name, {event.step, value, event.time_unix_s}});
    }
    const coordinator::Trial& trial = core_->state().trials.at(append->trial);
    int64_t newest = 0;
    for (const std::string& sweep : trial.sweeps) {
      const int64_t position = core_->state().sweeps.at(sweep).record.position;
      if (position > newest) points.sweep = sweep;
      newest = std::max(newest, position);
    }
    if (!points.points.empty()) change.points.push_back(std::move(points));
  }
  return change;
}

// Hands `fx` to the committer; `done` runs on the committer's thread, before the answers to calls that waited.
void CoreDesk::Commit(Effects fx, Acknowledge done) {
  Count(fx);
  std::vector<std::pair<Answer<ExchangeOutcome>, absl::StatusOr<ExchangeOutcome>>> exchanges;
  for (coordinator::ExchangeAnswer& answer : std::exchange(fx.exchanges, {})) {
    auto waiting = waiting_.extract(answer.ticket);
    if (!waiting.empty()) exchanges.emplace_back(std::move(waiting.mapped()), std::move(answer.outcome));
  }
  LiveChange change = ChangeOf(fx);
  auto shared = std::make_shared<const Effects>(std::move(fx));
  doors_.committer.Post(shared, [this, shared, change = std::move(change), exchanges = std::move(exchanges),
                                 done = std::move(done)](const absl::Status& committed, const store::Written& written) {
    if (committed.ok()) {
      Say(*shared);
      Published(written, change);
    }
    done(committed);
    for (const auto& [answer, outcome] : exchanges)
      answer(committed.ok() ? outcome : absl::StatusOr<ExchangeOutcome>(committed));
    if (!committed.ok()) doors_.on_refused();
  });
}

// On the committer's thread, after the commit.
void CoreDesk::Published(const store::Written& written, LiveChange change) {
  doors_.metrics.CountPoints("ingested", written.points.ingested);
  doors_.metrics.CountPoints("duplicate", written.points.duplicate);
  doors_.metrics.CountPoints("conflicting", written.points.conflicting);
  doors_.live.Publish(std::move(change));
  doors_.artifacts.Remove(written.unreferenced);
  for (const coordinator::TrialHistory& history : written.histories) {
    doors_.mailbox.Post(kNoLimit, [this, history](const absl::Status& status) {
      if (status.ok()) core_->OnHistory(history);
    });
  }
  for (const store::Written::Conflict& conflict : written.conflicts) {
    doors_.mailbox.Post(kRenewLimit, [this, conflict](const absl::Status& status) {
      if (status.ok()) core_->OnConflict(conflict.trial, conflict.points);
    });
  }
}

template <class T, class Decide>
void CoreDesk::Mutate(size_t limit, Answer<T> answer, Decide decide) {
  doors_.mailbox.Post(limit,
                      [this, answer = std::move(answer), decide = std::move(decide)](const absl::Status& status) {
                        if (!status.ok()) return answer(status);
                        if (read_only_) return answer(DiskFull());
                        Effects fx;
                        absl::StatusOr<T> outcome = decide(&fx);
                        if (!outcome.ok()) {
                          Count(fx);
                          return answer(outcome.status());
                        }
                        Commit(std::move(fx), [answer, outcome = *std::move(outcome)](const absl::Status& committed) {
                          answer(committed.ok() ? absl::StatusOr<T>(outcome) : absl::StatusOr<T>(committed));
                        });
                      });
}

template <class T, class Decide>
void CoreDesk::Ask(Answer<T> answer, Decide decide) {
  doors_.mailbox.Post(kUsualLimit,
                      [answer = std::move(answer), decide = std::move(decide)](const absl::Status& status) {
                        if (!status.ok()) return answer(status);
                        answer(decide());
                      });
}

void CoreDesk::Submit(SubmitCommand command, Answer<SubmitOutcome> answer) {
  absl::StatusOr<coordinator::Submission> submission = coordinator::PrepareSubmission(command.spec_text);
  if (!submission.ok()) return answer(submission.status());
  if (const std::string artifact = ArtifactOf(submission->spec.data); !artifact.empty()) {
    absl::StatusOr<DataHold> hold = HoldData(doors_.artifacts, artifact);
    if (!hold.ok()) return answer(hold.status());
    submission->data = hold->package();
    answer = [answer = std::move(answer), hold = std::make_shared<DataHold>(*std::move(hold))](auto outcome) {
      answer(std::move(outcome));
    };
  }
  auto shared = std::make_shared<const coordinator::Submission>(*std::move(submission));
  Mutate<SubmitOutcome>(kUsualLimit, std::move(answer), [this, tag = std::move(command.tag), shared](Effects* fx) {
    return core_->OnSubmit(tag, *shared, Now(), fx);
  });
}

void CoreDesk::AddSeeds(AddSeedsCommand command, Answer<SubmitOutcome> answer) {
  absl::StatusOr<coordinator::MoreSeeds> more =
      coordinator::PrepareMoreSeeds(command.spec_json, command.seeds, command.cells);
  if (!more.ok()) return answer(more.status());
  auto shared = std::make_shared<const coordinator::MoreSeeds>(*std::move(more));
  Mutate<SubmitOutcome>(kUsualLimit, std::move(answer), [this, command = std::move(command), shared](Effects* fx) {
    return core_->OnAddSeeds(command, *shared, Now(), fx);
  });
}

void CoreDesk::Plan(std::string spec_text, Answer<PlanOutcome> answer) {
  absl::StatusOr<coordinator::Submission> submission = coordinator::PrepareSubmission(spec_text);
  if (!submission.ok()) return answer(submission.status());
  auto shared = std::make_shared<const coordinator::Submission>(*std::move(submission));
  Ask(std::move(answer), [this, shared] { return core_->Plan(*shared); });
}

void CoreDesk::Cancel(CancelCommand command, Answer<CancelOutcome> answer) {
  Mutate<CancelOutcome>(kUsualLimit, std::move(answer), [this, command = std::move(command)](Effects* fx) {
    return core_->OnCancel(command, Now(), fx);
  });
}

void CoreDesk::Retry(RetryCommand command, Answer<RetryOutcome> answer) {
  Mutate<RetryOutcome>(kUsualLimit, std::move(answer), [this, command = std::move(command)](Effects* fx) {
    return core_->OnRetry(command, Now(), fx);
  });
}

void CoreDesk::Drain(DrainCommand command, Answer<WorkerView> answer) {
  Mutate<WorkerView>(kUsualLimit, std::move(answer),
                     [this, command = std::move(command)](Effects* fx) { return core_->OnDrain(command, Now(), fx); });
}

void CoreDesk::Workers(bool include_gone, Answer<std::vector<WorkerView>> answer) {
  Ask(std::move(answer), [this, include_gone] { return core_->Workers(include_gone, Now()); });
}

void CoreDesk::Judge(std::vector<std::string> trials, Answer<Judgements> answer) {
  Ask(std::move(answer), [this, trials = std::move(trials)] { return core_->Judge(trials, Now()); });
}

void CoreDesk::Register(RegisterCommand command, Answer<RegisterOutcome> answer) {
  Mutate<RegisterOutcome>(kUsualLimit, std::move(answer), [this, command = std::move(command)](Effects* fx) {
    return core_->OnRegister(command, Now(), fx);
  });
}

void CoreDesk::Exchange(ExchangeCommand command, Answer<ExchangeOutcome> answer) {
  doors_.mailbox.Post(kUsualLimit,
                      [this, command = std::move(command), answer = std::move(answer)](const absl::Status& status) {
                        if (!status.ok()) return answer(status);
                        if (read_only_) return answer(DiskFull());
                        const coordinator::Ticket ticket = ++last_ticket_;
                        waiting_[ticket] = answer;
                        Effects fx;
                        core_->OnExchange(ticket, command, Now(), &fx);
                        const bool idle = fx.writes.empty() && fx.exchanges.empty();
                        if (!idle) Commit(std::move(fx), [](const absl::Status&) {});
                      });
}

// Good news at once, whatever the database does; what ends a trainer only once it is durable.
void CoreDesk::Renew(RenewCommand command, Answer<RenewOutcome> answer) {
  doors_.mailbox.Post(
      kRenewLimit, [this, command = std::move(command), answer = std::move(answer)](const absl::Status& status) {
        if (!status.ok()) return answer(status);
        Effects fx;
        absl::StatusOr<RenewOutcome> outcome = core_->OnRenew(command, Now(), &fx);
        if (outcome.ok() && EndsSomething(*outcome) && !read_only_) {
          return Commit(std::move(fx), [answer, outcome = *std::move(outcome)](const absl::Status& committed) {
            answer(committed.ok() ? absl::StatusOr<RenewOutcome>(outcome) : absl::StatusOr<RenewOutcome>(committed));
          });
        }
        answer(std::move(outcome));
        Count(fx);
        doors_.live.Publish(ChangeOf(fx));
      });
}

void CoreDesk::Report(ReportCommand command, Answer<uint64_t> answer) {
  if (doors_.committer.Depth() > kCommitLimit) return answer(Busy());
  Mutate<uint64_t>(kReportLimit, std::move(answer),
                   [this, command = std::move(command)](Effects* fx) { return core_->OnReport(command, Now(), fx); });
}

void CoreDesk::Publish(PublishCommand command, Answer<PublishOutcome> answer) {
  Mutate<PublishOutcome>(kUsualLimit, std::move(answer), [this, command = std::move(command)](Effects* fx) {
    return core_->OnPublish(command, Now(), fx);
  });
}

void CoreDesk::Goodbye(GoodbyeCommand command, Acknowledge done) {
  struct Nothing {};
  Answer<Nothing> answer = [done = std::move(done)](const absl::StatusOr<Nothing>& outcome) { done(outcome.status()); };
  Mutate<Nothing>(kUsualLimit, std::move(answer),
                  [this, command = std::move(command)](Effects* fx) -> absl::StatusOr<Nothing> {
                    if (absl::Status said = core_->OnGoodbye(command, Now(), fx); !said.ok()) return said;
                    return Nothing{};
                  });
}

}  // namespace plasa
