// What scripts cannot say: workers without a name, states that no event of this version leads to, and a queue that moved on.
#include "coordinator/core/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script_runner.h"

namespace plasa::coordinator {
namespace {

using ::testing::HasSubstr;

constexpr Now kNow{1'000'000, 1'700'000'000};

// One trial runs on worker a.
State OneRuns() {
  ScriptRunner runner;
  for (const char* line : {"worker a trainers=steps", "submit s x=1", "exchange a free=0", "report a 1 start@0"})
    static_cast<void>(runner.Run(line));
  return runner.core().state();
}

Trial& TheTrial(State& state) { return state.trials.begin()->second; }

TEST(Explain, AWorkerWithoutANameIsCalledByItsId) {
  State state = OneRuns();
  state.workers.at("a").record.name = "";
  EXPECT_THAT(Explainer(state, kNow).Explain(TheTrial(state)), HasSubstr("worker a,"));
  state.workers.at("a").record.name = "host";
  EXPECT_THAT(Explainer(state, kNow).Explain(TheTrial(state)), HasSubstr("worker host,"));
}

TEST(Explain, HowFarATrialHasToGoIsLeftOutWhereNobodySaidIt) {
  State state = OneRuns();
  EXPECT_THAT(Explainer(state, kNow).Explain(TheTrial(state)), HasSubstr("at step 0 of 100."));
  state.attempts.at(1).steps_total = 0;
  EXPECT_THAT(Explainer(state, kNow).Explain(TheTrial(state)), HasSubstr("at step 0."));
}

TEST(Explain, APrunedTrialIsExplained) {
  State state = OneRuns();
  TheTrial(state).record.state = TrialState::kPruned;
  EXPECT_THAT(Explainer(state, kNow).Explain(TheTrial(state)), HasSubstr("Pruned"));
}

}  // namespace
}  // namespace plasa::coordinator
