// Where commands become decisions: lets the core decide, hands its effects to the committer, answers after the commit.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/runtime/clock.h"
#include "coordinator/artifacts.h"
#include "coordinator/commands.h"
#include "coordinator/committer.h"
#include "coordinator/core/core.h"
#include "coordinator/live.h"
#include "coordinator/mailbox.h"
#include "coordinator/metrics.h"

namespace plasa {

// Sole owner of the core. When the disk is full and a commit is refused, what the core decided since is forgotten: the
// state is loaded again, and until there is room only questions and signs of life are answered. The commands are
// thread-safe, as the mailbox is; all the rest belongs to the core's thread.
class CoreDesk final : public Commands {
 public:
  struct Doors {
    const Clock& clock;
    Mailbox& mailbox;
    Committer& committer;
    LiveFeed& live;
    Metrics& metrics;
    Artifacts& artifacts;
    std::function<void()> on_refused;  // thread-safe; Recover is due
  };
  // How often Tick is due.
  static constexpr int64_t kTickMs = 200;

  explicit CoreDesk(Doors doors) : doors_(std::move(doors)) {}

  void Open(coordinator::State state);
  void Tick();
  // What the core decided since a commit was refused is not on the disk: begins again from what is.
  void Recover();
  // Answers what waits.
  void Close(const absl::Status& why);
  [[nodiscard]] const coordinator::Core& core() const { return *core_; }

  void Submit(SubmitCommand command, Answer<SubmitOutcome> answer) override;
  void AddSeeds(AddSeedsCommand command, Answer<SubmitOutcome> answer) override;
  void Plan(std::string spec_text, Answer<PlanOutcome> answer) override;
  void Cancel(CancelCommand command, Answer<CancelOutcome> answer) override;
  void Retry(RetryCommand command, Answer<RetryOutcome> answer) override;
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

  [[nodiscard]] bool StillReadOnly();
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
  std::unique_ptr<coordinator::Core> core_;
  std::map<coordinator::Ticket, Answer<ExchangeOutcome>> waiting_;
  coordinator::Ticket last_ticket_ = 0;
  bool read_only_ = false;
  int64_t figures_due_ms_ = 0;
  int64_t resume_due_ms_ = 0;
};

}  // namespace plasa
