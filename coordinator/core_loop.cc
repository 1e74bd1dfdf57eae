#include "coordinator/core_loop.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/runtime/log.h"

namespace plasa {
namespace {

constexpr Log kLog("core");

constexpr int64_t kTickMs = 200;
constexpr int64_t kFiguresEveryMs = 1000;
constexpr int64_t kResumeEveryMs = 1000;
// How full the mailbox may be for each kind: metrics are refused first, signs of life last.
constexpr size_t kReportLimit = 4'000;
constexpr size_t kUsualLimit = 8'000;
constexpr size_t kRenewLimit = 16'000;
constexpr size_t kWriterLimit = 4'000;  // commits that wait, before reports are refused

absl::Status Stopping() { return absl::UnavailableError("the coordinator is stopping; try again"); }
absl::Status Busy() {
  return absl::ResourceExhaustedError("the coordinator has more to do than it can; try again in a second");
}
absl::Status DiskFull() {
  return absl::ResourceExhaustedError(
      "the coordinator's disk is full: it takes nothing new until there is room (free some space; it goes on by "
      "itself; nothing acknowledged is lost)");
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

CoreLoop::CoreLoop(Doors doors, Reload reload) : doors_(doors), reload_(std::move(reload)) {}

CoreLoop::~CoreLoop() { Stop(); }

void CoreLoop::Start(coordinator::State state) {
  core_ = std::make_unique<coordinator::Core>(std::move(state), Now());
  running_ = true;
  thread_ = std::thread([this] { Run(); });
}

void CoreLoop::Stop() {
  {
    const std::lock_guard lock(mutex_);
    running_ = false;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (Job& job : std::exchange(queue_, {})) job(Stopping());
  for (auto& [ticket, answer] : std::exchange(waiting_, {})) answer(Stopping());
}

void CoreLoop::Post(size_t limit, Job job) {
  std::unique_lock lock(mutex_);
  if (!running_ || queue_.size() >= limit) {
    const absl::Status refused = running_ ? Busy() : Stopping();
    lock.unlock();
    return job(refused);
  }
  queue_.push_back(std::move(job));
  lock.unlock();
  changed_.notify_all();
}

void CoreLoop::Run() {
  int64_t tick_due_ms = doors_.clock.SteadyMs() + kTickMs;
  std::unique_lock lock(mutex_);
  while (running_) {
    const int64_t wait_ms = std::max<int64_t>(0, tick_due_ms - doors_.clock.SteadyMs());
    changed_.wait_for(lock, std::chrono::milliseconds(wait_ms),
                      [this] { return !running_ || refused_ || !queue_.empty(); });
    const bool refused = std::exchange(refused_, false);
    std::deque<Job> jobs = std::exchange(queue_, {});
    lock.unlock();
    if (refused) Recover();
    RunJobs(std::move(jobs));
    if (doors_.clock.SteadyMs() >= tick_due_ms) {
      Tick();
      tick_due_ms = doors_.clock.SteadyMs() + kTickMs;
    }
    lock.lock();
  }
}

void CoreLoop::RunJobs(std::deque<Job> jobs) {
  for (Job& job : jobs) job(absl::OkStatus());
}

void CoreLoop::Tick() {
  if (read_only_) {
    if (doors_.clock.SteadyMs() < resume_due_ms_) return;
    resume_due_ms_ = doors_.clock.SteadyMs() + kResumeEveryMs;
    if (!doors_.writer.Resume().ok()) return;
    read_only_ = false;
    doors_.metrics.SetReadOnly(false);
    kLog.Info("there is room on the disk again; going on");
  }
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

// What the core decided since the refusal is not on the disk: begins again from what is.
void CoreLoop::Recover() {
  kLog.Error("the disk is full; nothing new is taken until there is room");
  for (auto& [ticket, answer] : std::exchange(waiting_, {})) answer(DiskFull());
  read_only_ = true;
  doors_.metrics.SetReadOnly(true);
  doors_.writer.AwaitIdle();
  {
    const std::lock_guard lock(mutex_);
    refused_ = false;  // the refusals that were still under way are part of this one
  }
  absl::StatusOr<coordinator::State> state = reload_();
  if (!state.ok()) {
    kLog.Error("cannot read the state back; stopping, so that the next start begins from what is on the disk",
               {{"why", std::string(state.status().message())}});
    std::abort();
  }
  core_ = std::make_unique<coordinator::Core>(*std::move(state), Now());
}

void CoreLoop::ShowFigures() {
  figures_due_ms_ = doors_.clock.SteadyMs() + kFiguresEveryMs;
  const coordinator::CoreFigures figures = core_->Figures(Now());
  for (const auto& [state, count] : figures.trials) doors_.metrics.SetTrials(state, count);
  for (const auto& [state, count] : figures.workers) doors_.metrics.SetWorkers(state, count);
  doors_.metrics.SetSlots("idle", figures.idle_slots);
  doors_.metrics.SetSlots("busy", figures.busy_slots);
  doors_.metrics.SetQueueAge(figures.queue_age_s);
}

void CoreLoop::Count(const Effects& fx) const {
  doors_.metrics.CountLeases("granted", fx.granted);
  doors_.metrics.CountLeases("expired", fx.expired);
  doors_.metrics.CountLeases("fenced", fx.fenced);
  doors_.metrics.CountAuditFailures(fx.audit_failures);
}

LiveChange CoreLoop::ChangeOf(const Effects& fx) const {
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

// Hands `fx` to the writer; `done` runs on the writer's thread, before the answers to calls that waited.
void CoreLoop::Commit(Effects fx, Acknowledge done) {
  Count(fx);
  std::vector<std::pair<Answer<ExchangeOutcome>, absl::StatusOr<ExchangeOutcome>>> exchanges;
  for (coordinator::ExchangeAnswer& answer : std::exchange(fx.exchanges, {})) {
    auto waiting = waiting_.extract(answer.ticket);
    if (!waiting.empty()) exchanges.emplace_back(std::move(waiting.mapped()), std::move(answer.outcome));
  }
  LiveChange change = ChangeOf(fx);
  auto shared = std::make_shared<const Effects>(std::move(fx));
  auto written = std::make_shared<store::Written>();
  store::WriteJob job;
  if (!shared->writes.empty()) {
    job.apply = [shared, written](store::Queries& queries) {
      *written = {};  // a full disk makes it run twice
      return store::ApplyWrites(shared->writes, queries, written.get());
    };
  }
  job.done = [this, shared, written, change = std::move(change), exchanges = std::move(exchanges),
              done = std::move(done)](const absl::Status& committed) {
    if (committed.ok()) {
      Say(*shared);
      Published(*written, change);
    }
    done(committed);
    for (const auto& [answer, outcome] : exchanges)
      answer(committed.ok() ? outcome : absl::StatusOr<ExchangeOutcome>(committed));
    if (committed.ok()) return;
    const std::lock_guard lock(mutex_);
    refused_ = true;
    changed_.notify_all();
  };
  doors_.writer.Post(std::move(job));
}

// On the writer's thread, after the commit.
void CoreLoop::Published(const store::Written& written, LiveChange change) {
  doors_.metrics.CountPoints("ingested", written.points.ingested);
  doors_.metrics.CountPoints("duplicate", written.points.duplicate);
  doors_.metrics.CountPoints("conflicting", written.points.conflicting);
  doors_.live.Publish(std::move(change));
  doors_.artifacts.Remove(written.unreferenced);
  for (const store::Written::Conflict& conflict : written.conflicts) {
    Post(kRenewLimit, [this, conflict](const absl::Status& status) {
      if (status.ok()) core_->OnConflict(conflict.trial, conflict.points);
    });
  }
}

template <class T, class Decide>
void CoreLoop::Mutate(size_t limit, Answer<T> answer, Decide decide) {
  Post(limit, [this, answer = std::move(answer), decide = std::move(decide)](const absl::Status& status) {
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
void CoreLoop::Ask(Answer<T> answer, Decide decide) {
  Post(kUsualLimit, [answer = std::move(answer), decide = std::move(decide)](const absl::Status& status) {
    if (!status.ok()) return answer(status);
    answer(decide());
  });
}

void CoreLoop::Submit(SubmitCommand command, Answer<SubmitOutcome> answer) {
  absl::StatusOr<coordinator::Submission> submission = coordinator::PrepareSubmission(command.spec_text);
  if (!submission.ok()) return answer(submission.status());
  auto shared = std::make_shared<const coordinator::Submission>(*std::move(submission));
  Mutate<SubmitOutcome>(kUsualLimit, std::move(answer), [this, tag = std::move(command.tag), shared](Effects* fx) {
    return core_->OnSubmit(tag, *shared, Now(), fx);
  });
}

void CoreLoop::Plan(std::string spec_text, Answer<PlanOutcome> answer) {
  absl::StatusOr<coordinator::Submission> submission = coordinator::PrepareSubmission(spec_text);
  if (!submission.ok()) return answer(submission.status());
  auto shared = std::make_shared<const coordinator::Submission>(*std::move(submission));
  Ask(std::move(answer), [this, shared] { return core_->Plan(*shared); });
}

void CoreLoop::Cancel(CancelCommand command, Answer<CancelOutcome> answer) {
  Mutate<CancelOutcome>(kUsualLimit, std::move(answer), [this, command = std::move(command)](Effects* fx) {
    return core_->OnCancel(command, Now(), fx);
  });
}

void CoreLoop::Drain(DrainCommand command, Answer<WorkerView> answer) {
  Mutate<WorkerView>(kUsualLimit, std::move(answer),
                     [this, command = std::move(command)](Effects* fx) { return core_->OnDrain(command, Now(), fx); });
}

void CoreLoop::Workers(bool include_gone, Answer<std::vector<WorkerView>> answer) {
  Ask(std::move(answer), [this, include_gone] { return core_->Workers(include_gone, Now()); });
}

void CoreLoop::Judge(std::vector<std::string> trials, Answer<Judgements> answer) {
  Ask(std::move(answer), [this, trials = std::move(trials)] { return core_->Judge(trials, Now()); });
}

void CoreLoop::Register(RegisterCommand command, Answer<RegisterOutcome> answer) {
  Mutate<RegisterOutcome>(kUsualLimit, std::move(answer), [this, command = std::move(command)](Effects* fx) {
    return core_->OnRegister(command, Now(), fx);
  });
}

void CoreLoop::Exchange(ExchangeCommand command, Answer<ExchangeOutcome> answer) {
  Post(kUsualLimit, [this, command = std::move(command), answer = std::move(answer)](const absl::Status& status) {
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

void CoreLoop::Renew(RenewCommand command, Answer<RenewOutcome> answer) {
  Post(kRenewLimit, [this, command = std::move(command), answer = std::move(answer)](const absl::Status& status) {
    if (!status.ok()) return answer(status);
    Effects fx;
    answer(core_->OnRenew(command, Now(), &fx));
    Count(fx);
    doors_.live.Publish(ChangeOf(fx));
  });
}

void CoreLoop::Report(ReportCommand command, Answer<uint64_t> answer) {
  if (doors_.writer.Depth() > kWriterLimit) return answer(Busy());
  Mutate<uint64_t>(kReportLimit, std::move(answer),
                   [this, command = std::move(command)](Effects* fx) { return core_->OnReport(command, Now(), fx); });
}

void CoreLoop::Publish(PublishCommand command, Answer<PublishOutcome> answer) {
  Mutate<PublishOutcome>(kUsualLimit, std::move(answer), [this, command = std::move(command)](Effects* fx) {
    return core_->OnPublish(command, Now(), fx);
  });
}

void CoreLoop::Goodbye(GoodbyeCommand command, Acknowledge done) {
  struct Nothing {};
  Answer<Nothing> answer = [done = std::move(done)](const absl::StatusOr<Nothing>& outcome) { done(outcome.status()); };
  Mutate<Nothing>(kUsualLimit, std::move(answer),
                  [this, command = std::move(command)](Effects* fx) -> absl::StatusOr<Nothing> {
                    if (absl::Status said = core_->OnGoodbye(command, Now(), fx); !said.ok()) return said;
                    return Nothing{};
                  });
}

}  // namespace plasa
