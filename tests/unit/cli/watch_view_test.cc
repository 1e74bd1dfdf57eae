#include "cli/verbs/watch_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plasa::cli {
namespace {

namespace pb = plasa::v1;
using testing::HasSubstr;

pb::Trial Trial(const std::string& id, const std::string& schedule, pb::TrialState state, int64_t step, double loss) {
  pb::Trial trial;
  trial.set_id(id);
  trial.set_cell("{\"schedule\":\"" + schedule + "\"}");
  trial.set_seed(1);
  trial.set_state(state);
  trial.set_step(step);
  trial.set_steps_total(100);
  auto* metric = trial.add_metrics();
  metric->set_name("val/loss");
  metric->set_value(loss);
  return trial;
}

pb::Sweep Sweep() {
  pb::Sweep sweep;
  sweep.set_id("s1");
  sweep.set_name("demo");
  sweep.set_metric_name("val/loss");
  sweep.set_trials(2);
  sweep.set_progress(0.75);
  sweep.set_eta_s(90);
  return sweep;
}

TEST(WatchView, OneLineACell) {
  WatchView view;
  const std::vector<pb::Trial> trials = {Trial("a", "dense", pb::TRIAL_RUNNING, 50, 2.5),
                                         Trial("b", "uniform", pb::TRIAL_SUCCEEDED, 100, 2.25)};
  view.Observe(trials[0], "val/loss");
  view.Observe(Trial("a", "dense", pb::TRIAL_RUNNING, 60, 2.0), "val/loss");
  const std::string text = view.Render(Sweep(), trials, Terminal("never"), 120, 40);
  EXPECT_THAT(text, HasSubstr("demo (s1)"));
  EXPECT_THAT(text, HasSubstr("ETA 1 min 30 s"));
  EXPECT_THAT(text, HasSubstr("schedule"));
  EXPECT_THAT(text, HasSubstr(" 50%  1 running"));
  EXPECT_THAT(text, HasSubstr("100%  done"));
  EXPECT_THAT(text, HasSubstr("█▁"));
}

TEST(WatchView, FitsTheScreen) {
  std::vector<pb::Trial> trials;
  for (int i = 0; i < 50; ++i) {
    trials.push_back(Trial(std::to_string(i), "schedule" + std::to_string(i), pb::TRIAL_QUEUED, 0, 2));
  }
  trials.back().set_state(pb::TRIAL_RUNNING);
  const std::string text = WatchView().Render(Sweep(), trials, Terminal("always"), 40, 10);
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_THAT(text, HasSubstr("schedule49"));  // what runs comes first
  EXPECT_THAT(text, HasSubstr("and 45 more cells"));
}

TEST(WatchView, APrunedCellHasNotFailed) {
  WatchView view;
  const std::string text =
      view.Render(Sweep(), {Trial("a", "dense", pb::TRIAL_PRUNED, 50, 2.5)}, Terminal("never"), 120, 40);
  EXPECT_THAT(text, HasSubstr("100%  pruned"));
}

TEST(ChangeLine, SaysWhatHappened) {
  pb::Trial trial = Trial("a", "dense", pb::TRIAL_FAILED, 50, 2.5);
  trial.set_cause(pb::CAUSE_KILLED);
  EXPECT_EQ(ChangeLine(trial, "val/loss"), "a schedule=dense seed 1 failed 50/100 val/loss 2.5 KILLED");
}

}  // namespace
}  // namespace plasa::cli
