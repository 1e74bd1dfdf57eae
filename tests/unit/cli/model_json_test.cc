#include "cli/remote/model_json.h"

#include <gtest/gtest.h>

#include "cli/output/json_text.h"
#include "cli/remote/words.h"

namespace plasa::cli {
namespace {

namespace pb = plasa::v1;

TEST(TrialJson, HasTheFieldsScriptsRelyOn) {
  pb::Trial trial;
  trial.set_id("3f9c");
  trial.set_cell("{\"seq_len\":64}");
  trial.set_seed(2);
  trial.set_state(pb::TRIAL_SUCCEEDED);
  trial.set_params_json("{\"seed\":2,\"seq_len\":64}");
  trial.set_step(150);
  trial.set_admitted(true);
  trial.set_valid(true);
  auto* metric = trial.add_metrics();
  metric->set_name("val/loss");
  metric->set_value(2.5);
  trial.add_attempts()->set_state(pb::ATTEMPT_SUCCEEDED);
  const auto json = TrialJson(trial);
  EXPECT_EQ(json.at("id"), "3f9c");
  EXPECT_EQ(JsonText(json.at("cell")), "{\"seq_len\":64}");
  EXPECT_EQ(json.at("state"), "succeeded");
  EXPECT_EQ(JsonText(json.at("metrics")), "{\"val/loss\":2.5}");
  EXPECT_EQ(json.at("attempts").at(0).at("state"), "succeeded");
  EXPECT_TRUE(json.at("admitted").as_bool());
  EXPECT_TRUE(json.at("cause").is_null());
  EXPECT_EQ(JsonText(json.at("invalid_reasons")), "[]");
}

TEST(SweepJson, CountsEveryStateAndNullsWhatIsUnknown) {
  pb::Sweep sweep;
  sweep.set_eta_s(-1);
  auto* count = sweep.add_counts();
  count->set_state(pb::TRIAL_RUNNING);
  count->set_count(3);
  const auto json = SweepJson(sweep);
  EXPECT_EQ(JsonText(json.at("counts")),
            "{\"queued\":0,\"running\":3,\"suspect\":0,\"succeeded\":0,\"failed\":0,\"canceled\":0,\"pruned\":0,"
            "\"quarantined\":0}");
  EXPECT_TRUE(json.at("eta_s").is_null());
  EXPECT_TRUE(json.at("best").is_null());
}

TEST(Words, SayWhatHappenedToSeeds) {
  pb::Replication replication;
  EXPECT_TRUE(SeedsSentences(replication).empty());
  auto* added = replication.add_added();
  added->add_seeds(13);
  added->set_cells(2);
  added->set_why("asked for by a user");
  EXPECT_EQ(SeedsSentences(replication).front(),
            "1 seed was added to 2 cells later: asked for by a user; p-values and intervals take no account of that.");
  replication.set_stopped("its contrast is decided at 16 seeds");
  EXPECT_EQ(SeedsSentences(replication).back(), "No more seeds are added: its contrast is decided at 16 seeds.");
  EXPECT_EQ(SeedsSentences(replication).front(), "1 seed was added to 2 cells later: asked for by a user.");
}

TEST(Words, OfStatesAndCauses) {
  EXPECT_EQ(StateWord(pb::TRIAL_QUARANTINED), "quarantined");
  EXPECT_EQ(StateWord(static_cast<pb::TrialState>(99)), "unknown");
  EXPECT_EQ(CauseWord(pb::CAUSE_NONE), "");
  EXPECT_EQ(CauseWord(pb::CAUSE_TRAINER_CRASH), "TRAINER_CRASH");
  EXPECT_TRUE(Ended(pb::TRIAL_PRUNED));
  EXPECT_FALSE(Ended(pb::TRIAL_SUSPECT));
}

}  // namespace
}  // namespace plasa::cli
