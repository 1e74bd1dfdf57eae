// CheckInvariants finds each way in which the state could contradict itself, and a reload keeps what must outlive it.
#include "coordinator/core/state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "script_runner.h"

namespace plasa::coordinator {
namespace {

using ::testing::HasSubstr;

// One trial runs as token 1 on worker a, one is queued.
State SoundState() {
  ScriptRunner runner;
  for (const char* line :
       {"worker a trainers=steps number=4", "submit s x=1,2", "exchange a free=0 number=6", "report a 1 start@0"})
    static_cast<void>(runner.Run(line));
  return runner.core().state();
}

Trial& TrialIn(State& state, TrialState wanted) {
  for (auto& [id, trial] : state.trials) {
    if (trial.record.state == wanted) return trial;
  }
  throw std::logic_error("no such trial");
}
Trial& Running(State& state) { return TrialIn(state, TrialState::kRunning); }
Trial& Queued(State& state) { return TrialIn(state, TrialState::kQueued); }

struct Break {
  const char* what;
  std::function<void(State&)> change;
};

const Break kBreaks[] = {
    {"queue and state of trial", [](State& s) { s.Dequeue(Queued(s)); }},
    {"queue and state of trial",
     [](State& s) {
       Trial waits = Queued(s);
       waits.record.position += 1;
       s.queue.clear();
       s.Enqueue(&waits);
     }},
    {"runs without an attempt", [](State& s) { Running(s).token = 0; }},
    {"or has one at rest", [](State& s) { Queued(s).token = 1; }},
    {"is not its attempt's", [](State& s) { Running(s).token = 9; }},
    {"is not its attempt's", [](State& s) { s.attempts.at(1).trial = Queued(s).record.id; }},
    {"counts its attempts wrongly", [](State& s) { s.attempts.at(1).number = 2; }},
    {"no sweep holds trial", [](State& s) { Queued(s).sweeps.clear(); }},
    {"is pruned though it is wanted",
     [](State& s) {
       s.Dequeue(Queued(s));
       Queued(s).record.state = TrialState::kPruned;
     }},
    {"nothing pruned it",
     [](State& s) {
       s.sweeps.begin()->second.record.canceled = true;
       s.Dequeue(Queued(s));
       Queued(s).record.state = TrialState::kPruned;
     }},
    {"is admitted and has not succeeded", [](State& s) { Queued(s).record.admitted = true; }},
    {"has ended and is still held", [](State& s) { s.attempts.at(1).state = AttemptState::kLost; }},
    {"has a token that was never given", [](State& s) { s.last_token = 0; }},
    {"does not hold its trial",
     [](State& s) {
       AttemptRecord other = s.attempts.at(1);
       other.token = s.last_token = 2;
       s.attempts[2] = other;
     }},
    {"does not hold its trial",
     [](State& s) {
       AttemptRecord other = s.attempts.at(1);
       other.token = s.last_token = 2;
       other.trial = "nobody's";
       s.attempts[2] = other;
     }},
    {"is not on its worker", [](State& s) { s.workers.at("a").tokens.clear(); }},
    {"is not on its worker", [](State& s) { s.workers.clear(); }},
    {"lists a foreign token", [](State& s) { s.workers.at("a").tokens.insert(9); }},
    {"lists a foreign token",
     [](State& s) {
       s.workers["b"] = s.workers.at("a");
       s.workers["b"].record.id = "b";
     }},
    {"the queue holds trials that are not queued",
     [](State& s) {
       s.queue.insert({0, 99, "nobody's"});
     }},
};

TEST(CheckInvariants, AreSilentOnASoundState) { EXPECT_EQ(CheckInvariants(SoundState()), ""); }

TEST(CheckInvariants, FindEachContradiction) {
  for (const Break& broken : kBreaks) {
    State state = SoundState();
    broken.change(state);
    EXPECT_THAT(CheckInvariants(state), HasSubstr(broken.what));
  }
}

TEST(State, AReloadKeepsHowFarTheWorkersHaveCounted) {
  const State before = SoundState();
  State loaded = before;
  loaded.workers.at("a").newest_register = loaded.workers.at("a").newest_exchange = 0;
  loaded.workers["new"].newest_register = 7;
  loaded.KeepCallNumbers(before);
  EXPECT_EQ(loaded.workers.at("a").newest_register, 4u);
  EXPECT_EQ(loaded.workers.at("a").newest_exchange, 6u);
  EXPECT_EQ(loaded.workers.at("new").newest_register, 7u);
}

}  // namespace
}  // namespace plasa::coordinator
