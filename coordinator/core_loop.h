// The core's thread: takes commands in order, lets the core decide, hands its effects to the writer, answers after the
// commit.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "common/runtime/clock.h"
#include "coordinator/artifacts.h"
#include "coordinator/commands.h"
#include "coordinator/core/core.h"
#include "coordinator/live.h"
#include "coordinator/metrics.h"
#include "coordinator/store/effects_writer.h"
#include "coordinator/store/writer.h"

namespace plasa {

// Sole owner of the core. When the disk is full and a commit is refused, what the core decided since is forgotten: the
// state is loaded again, and until there is room only questions and signs of life are answered. Thread-safe.
class CoreLoop final : public Commands {
 public:
  // Reads the state back from the database; called on the core's thread.
  using Reload = std::function<absl::StatusOr<coordinator::State>()>;
  struct Doors {
    const Clock& clock;
    store::Writer& writer;
    LiveFeed& live;
    Metrics& metrics;
    Artifacts& artifacts;
  };

  CoreLoop(Doors doors, Reload reload);
  ~CoreLoop() override;  // stops

  void Start(coordinator::State state);
  // Answers what waits with UNAVAILABLE and joins. What was handed to the writer is still committed. Idempotent.
  void Stop();

  void Submit(SubmitCommand command, Answer<SubmitOutcome> answer) override;
  void Plan(std::string spec_text, Answer<PlanOutcome> answer) override;
  void Cancel(CancelCommand command, Answer<CancelOutcome> answer) override;
  void Drain(DrainCommand command, Answer<WorkerView> answer) override;
  void Workers(bool include_gone, Answer<std::vector<WorkerView>> answer) override;
  void Judge(std::vector<std::string> trials, Answer<Judgements> answer) override;
  void Register(RegisterCommand command, Answer<RegisterOutcome> answer) override;
  void Exchange(ExchangeCommand command, Answer<ExchangeOutcome> answer) override;
  void Renew(RenewCommand command, Answer<RenewOutcome> answer) override;
  void Report(ReportCommand command, Answer<uint64_t> acked_seq) override;
  void Publish(PublishCommand command, Answer<PublishOutcome> answer) override;
  void Goodbye(GoodbyeCommand command, Acknowledge done) override;

 private:
  using Effects = coordinator::Effects;
  // Runs on the core's thread with OK, or anywhere with the reason why it will not be decided.
  using Job = std::function<void(const absl::Status&)>;

  void Post(size_t limit, Job job);
  void Run();
  void RunJobs(std::deque<Job> jobs);
  void Tick();
  void Recover();
  void ShowFigures();

  template <class T, class Decide>
  void Mutate(size_t limit, Answer<T> answer, Decide decide);
  template <class T, class Decide>
  void Ask(Answer<T> answer, Decide decide);
  void Commit(Effects fx, Acknowledge done);
  void Published(const store::Written& written, LiveChange change);
  [[nodiscard]] LiveChange ChangeOf(const Effects& fx) const;
  void Count(const Effects& fx) const;
  [[nodiscard]] coordinator::Now Now() const { return {doors_.clock.SteadyMs(), doors_.clock.UnixSeconds()}; }

  const Doors doors_;
  const Reload reload_;

  // The core's thread's own.
  std::unique_ptr<coordinator::Core> core_;
  std::map<coordinator::Ticket, Answer<ExchangeOutcome>> waiting_;
  coordinator::Ticket last_ticket_ = 0;
  bool read_only_ = false;
  int64_t figures_due_ms_ = 0;
  int64_t resume_due_ms_ = 0;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<Job> queue_;
  bool running_ = false;
  bool refused_ = false;  // a commit was refused: what the core knows is not what the disk holds

  std::thread thread_;
};

}  // namespace plasa
