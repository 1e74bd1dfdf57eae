// Runs a script of events against the core and writes what it answered: the language of tests/scripts/core.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/core/core.h"
#include "memory_store.h"
#include "script_words.h"

namespace plasa::coordinator {

// One line is one event:
//   worker w slots=2 trainers=plasa class=c memory=BYTES held=1,2 number=3     register
//   submit name x=1,2 (or seq_len=64) seeds=2 trainer=plasa priority=1 lost_after=60s max_attempts=3 device=cuda id=r1
//     rule=PATTERN then=do_not_retry|exclude_worker memory=1GiB class=c slots=1 without=X (leaves x=X out)
//     early="min_iter":1,"eta":2 goal=maximize      early_terminate by the metric loss
//   plan name x=1,2                               the same words as submit
//   exchange w free=0,1 held=3 finished=3:ok@5 wait=1s number=4   finished=TOKEN:CAUSE|ok@LAST_SEQ log=TEXT
//     logs=3,4                                                    a piece of output of each of these tokens
//   renew w 1,2
//   report w 1 from=1 start@0 metric:loss=2@1 audit:1:ok audit:1:bad progress:200 result result:invalid
//   publish w 1 step=10 seq=3
//   cancel sweep|trial name
//   drain w, undrain w, goodbye w
//   advance 30s    ticks each 200 ms
//   stall 90s      the coordinator itself stands still: one tick at the end
//   sleep 90s      the same, and what follows comes before the tick
//   restart        a new process with what is durable
//   restore        the same, from a backup of now
//   conflict trial 2     the store refused so many of its points
//   explain trial, show trial, workers [all], figures
// Trials are called x=1#SEED. Invariants are checked, and the durable state compared with the core's, after each line.
class ScriptRunner {
 public:
  ScriptRunner();

  // The trace of one line; throws std::runtime_error for a broken invariant or a line that makes no sense.
  [[nodiscard]] std::string Run(const std::string& line);

  // Called with the effects of each event, in order.
  std::function<void(const Effects&)> on_effects;

  [[nodiscard]] const Core& core() const { return *core_; }

 private:
  using Verb = std::string (ScriptRunner::*)(const ScriptWords&, Effects*);

  std::string Register(const ScriptWords& words, Effects* fx);
  std::string Submit(const ScriptWords& words, Effects* fx);
  std::string AddSeeds(const ScriptWords& words, Effects* fx);
  void NameTrials(const std::vector<TrialSpec>& trials, const std::string& param);
  std::string Exchange(const ScriptWords& words, Effects* fx);
  std::string Renew(const ScriptWords& words, Effects* fx);
  std::string Report(const ScriptWords& words, Effects* fx);
  std::string Publish(const ScriptWords& words, Effects* fx);
  std::string Cancel(const ScriptWords& words, Effects* fx);
  std::string Retry(const ScriptWords& words, Effects* fx);
  std::string Drain(const ScriptWords& words, Effects* fx);
  std::string Goodbye(const ScriptWords& words, Effects* fx);
  std::string Advance(const ScriptWords& words, Effects* fx);
  std::string Sleep(const ScriptWords& words, Effects* fx);
  std::string Restart(const ScriptWords& words, Effects* fx);
  std::string Restore(const ScriptWords& words, Effects* fx);
  std::string Explain(const ScriptWords& words, Effects* fx);
  std::string Show(const ScriptWords& words, Effects* fx);
  std::string Certificate(const ScriptWords& words, Effects* fx);
  std::string Plan(const ScriptWords& words, Effects* fx);
  std::string Conflict(const ScriptWords& words, Effects* fx);
  std::string ListWorkers(const ScriptWords& words, Effects* fx);
  std::string Figures(const ScriptWords& words, Effects* fx);

  [[nodiscard]] static std::string Refusal(const absl::Status& status);
  void Settle(Effects* fx);
  [[nodiscard]] std::string Tell(const Effects& fx);
  [[nodiscard]] std::string NameOf(const std::string& trial) const;
  // What is called so, or the name itself: an id that nobody knows.
  [[nodiscard]] std::string TrialId(const std::string& name) const;
  [[nodiscard]] std::string SweepId(const std::string& name) const;
  [[nodiscard]] uint64_t SessionOf(const std::string& worker) const;

  Now now_{1'000'000, 1'700'000'000};
  MemoryStore store_;
  std::unique_ptr<Core> core_;
  Ticket last_ticket_ = 0;
  std::map<std::string, std::string> trial_ids_;    // by name
  std::map<std::string, std::string> trial_names_;  // by id
  std::map<std::string, std::string> sweep_ids_;    // by name
  std::map<Ticket, std::string> parked_;            // worker of a call that waits
};

}  // namespace plasa::coordinator
