// A core that answers with what a test gave it, and remembers what it was asked.
#pragma once

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "coordinator/commands.h"

namespace plasa {

// Called on the HTTP thread; the test sets its members while no request is under way.
class FakeCommands final : public Commands {
 public:
  absl::StatusOr<Judgements> judgements = Judgements{};
  absl::StatusOr<std::vector<WorkerView>> workers = std::vector<WorkerView>{};
  absl::StatusOr<CancelOutcome> cancel_outcome = CancelOutcome{};
  absl::StatusOr<RetryOutcome> retry_outcome = RetryOutcome{};
  absl::StatusOr<SubmitOutcome> submit_outcome = SubmitOutcome{};
  bool silent = false;      // takes commands and never answers
  bool own_thread = false;  // answers from a thread of its own, as the real core does

  std::vector<std::string> judged;
  std::vector<CancelCommand> canceled;
  std::vector<RetryCommand> retried;
  std::vector<AddSeedsCommand> seeds_added;

  void Cancel(CancelCommand command, Answer<CancelOutcome> answer) override {
    canceled.push_back(std::move(command));
    Deliver(std::move(answer), cancel_outcome);
  }
  void Retry(RetryCommand command, Answer<RetryOutcome> answer) override {
    retried.push_back(std::move(command));
    Deliver(std::move(answer), retry_outcome);
  }
  void AddSeeds(AddSeedsCommand command, Answer<SubmitOutcome> answer) override {
    seeds_added.push_back(std::move(command));
    Deliver(std::move(answer), submit_outcome);
  }
  void Workers(bool, Answer<std::vector<WorkerView>> answer) override { Deliver(std::move(answer), workers); }
  void Judge(std::vector<std::string> trials, Answer<Judgements> answer) override {
    judged = std::move(trials);
    Deliver(std::move(answer), judgements);
  }

  // What HTTP never asks for.
  void Submit(SubmitCommand, Answer<SubmitOutcome>) override {}
  void Plan(std::string, Answer<PlanOutcome>) override {}
  void Drain(DrainCommand, Answer<WorkerView>) override {}
  void Register(RegisterCommand, Answer<RegisterOutcome>) override {}
  void Exchange(ExchangeCommand, Answer<ExchangeOutcome>) override {}
  void Renew(RenewCommand, Answer<RenewOutcome>) override {}
  void Report(ReportCommand, Answer<uint64_t>) override {}
  void Publish(PublishCommand, Answer<PublishOutcome>) override {}
  void Goodbye(GoodbyeCommand, Acknowledge) override {}

 private:
  template <class T>
  void Deliver(Answer<T> answer, const absl::StatusOr<T>& outcome) {
    if (silent) return;
    if (!own_thread) return answer(outcome);
    threads_.emplace_back([answer = std::move(answer), outcome] { answer(outcome); });
  }

  std::vector<std::jthread> threads_;
};

}  // namespace plasa
