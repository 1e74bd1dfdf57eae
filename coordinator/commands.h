// The one mailbox: what users and workers may ask of the core.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/core/model/fleet_commands.h"
#include "coordinator/core/model/user_commands.h"

namespace plasa {

// Called with the outcome exactly once, on a thread of the coordinator's own: pass it on, do not work there. For a
// mutating command that is after the commit (or the refusal); when the coordinator stops first, the status is
// UNAVAILABLE.
template <class T>
using Answer = std::function<void(absl::StatusOr<T>)>;
using Acknowledge = std::function<void(absl::Status)>;

// Thread-safe; every call returns at once. The core's loop takes the commands in order.
class Commands {
 public:
  virtual ~Commands() = default;

  // INVALID_ARGUMENT says where the sweep file is wrong; ABORTED for a request id with another body.
  virtual void Submit(SubmitCommand command, Answer<SubmitOutcome> answer) = 0;
  // See Core::OnAddSeeds.
  virtual void AddSeeds(AddSeedsCommand command, Answer<SubmitOutcome> answer) = 0;
  virtual void Plan(std::string spec_text, Answer<PlanOutcome> answer) = 0;
  virtual void Cancel(CancelCommand command, Answer<CancelOutcome> answer) = 0;
  virtual void Retry(RetryCommand command, Answer<RetryOutcome> answer) = 0;
  virtual void Drain(DrainCommand command, Answer<WorkerView> answer) = 0;
  virtual void Workers(bool include_gone, Answer<std::vector<WorkerView>> answer) = 0;
  virtual void Judge(std::vector<std::string> trials, Answer<Judgements> answer) = 0;

  // The fleet's half; FAILED_PRECONDITION for an old session or a fenced token.
  virtual void Register(RegisterCommand command, Answer<RegisterOutcome> answer) = 0;
  virtual void Exchange(ExchangeCommand command, Answer<ExchangeOutcome> answer) = 0;
  // Answered without waiting for the database, unless it would end a trainer.
  virtual void Renew(RenewCommand command, Answer<RenewOutcome> answer) = 0;
  virtual void Report(ReportCommand command, Answer<uint64_t> acked_seq) = 0;
  virtual void Publish(PublishCommand command, Answer<PublishOutcome> answer) = 0;
  virtual void Goodbye(GoodbyeCommand command, Acknowledge done) = 0;
};

}  // namespace plasa
