#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "cli/mlflow/http_url.h"
#include "cli/mlflow/run_text.h"
#include "cli/output/exit_code.h"

namespace plasa::cli {
namespace {

namespace pb = plasa::v1;

TEST(HttpUrl, TakesHostPortAndPrefix) {
  const auto url = ParseHttpUrl("http://tracking.example:5000/a/b/");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(url->host, "tracking.example");
  EXPECT_EQ(url->prefix, "/a/b");
  EXPECT_EQ(url->Text(), "http://tracking.example:5000/a/b");
  EXPECT_EQ(ParseHttpUrl("http://tracking.example")->port, "80");
  const auto six = ParseHttpUrl("http://[::1]:5000");
  ASSERT_TRUE(six.ok());
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->Authority(), "[::1]:5000");
}

TEST(HttpUrl, SaysWhatToWriteInstead) {
  for (const char* text :
       {"", "127.0.0.1:5000", "http://", "https://a", "ftp://a", "http://u:p@a", "http://a/?b", "/x"}) {
    const auto url = ParseHttpUrl(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(ExitCodeOf(url.status()), ExitCode::kUsage);
    EXPECT_NE(HintOf(url.status()), "") << text;
  }
}

TEST(KeyOf, KeepsWhatMlflowTakes) {
  const std::vector<std::string> names = {"val/loss", "a.b-c d:e_f", "layer 3/kl", std::string(250, 'k')};
  for (const std::string& name : names) EXPECT_EQ(KeyOf(name), name);
}

TEST(KeyOf, MakesOtherNamesFitAndKeepsThemApart) {
  std::set<std::string> keys;
  const std::vector<std::string> names = {"a#b",
                                          "a$b",
                                          "a_b#",
                                          "../a",
                                          "a//b",
                                          "a/",
                                          "/a",
                                          ".",
                                          "..",
                                          "",
                                          "größe",
                                          "a/./b",
                                          std::string(251, 'k'),
                                          std::string("a\0b", 3)};
  for (const std::string& name : names) {
    const std::string key = KeyOf(name);
    EXPECT_NE(key, name);
    EXPECT_EQ(KeyOf(key), key) << name;
    EXPECT_LE(key.size(), 250u);
    keys.insert(key);
  }
  EXPECT_EQ(keys.size(), names.size());
}

TEST(RunParams, CutsLongValuesAtACharacter) {
  pb::Trial trial;
  std::string note = "x";
  while (note.size() < 7000) note += "ü";
  trial.set_params_json("{\"layers\":[1,2.5],\"note\":\"" + note + "\"}");
  const KeyValues params = RunParams(trial);
  ASSERT_EQ(params.size(), 2u);
  EXPECT_EQ(params[0].second, "[1,2.5]");
  EXPECT_EQ(params[1].second, note.substr(0, 5999));
}

TEST(RunTitle, MarksReferenceModesAndNothingElse) {
  pb::Trial trial;
  trial.set_state(pb::TRIAL_RUNNING);
  EXPECT_EQ(RunTitle(trial, "cell/seed_1"), "cell/seed_1");  // no result yet
  trial.set_state(pb::TRIAL_SUCCEEDED);
  EXPECT_EQ(RunTitle(trial, "cell/seed_1"), "INVALID cell/seed_1");
  trial.set_valid(true);
  EXPECT_EQ(RunTitle(trial, "cell/seed_1"), "cell/seed_1");
  trial.set_valid(false);
  trial.set_state(pb::TRIAL_QUARANTINED);
  trial.add_invalid_reasons("leak");
  EXPECT_EQ(RunTitle(trial, std::string(300, 'n')).size(), 250u);
  EXPECT_EQ(RunTitle(trial, "cell/seed_1"), "INVALID cell/seed_1");
}

TEST(RunStatus, EveryStateHasOne) {
  EXPECT_EQ(RunStatus(pb::TRIAL_QUEUED), "SCHEDULED");
  EXPECT_EQ(RunStatus(pb::TRIAL_SUSPECT), "RUNNING");
  EXPECT_EQ(RunStatus(pb::TRIAL_SUCCEEDED), "FINISHED");
  EXPECT_EQ(RunStatus(pb::TRIAL_QUARANTINED), "FAILED");
  EXPECT_EQ(RunStatus(pb::TRIAL_PRUNED), "KILLED");
}

TEST(RunTimes, SpanAllAttempts) {
  pb::Trial trial;
  EXPECT_EQ(StartMs(trial), 0);
  pb::Attempt* first = trial.add_attempts();
  first->set_number(1);
  first->set_created_unix_s(1700000000.25);
  first->set_ended_unix_s(1700000001);
  pb::Attempt* second = trial.add_attempts();
  second->set_number(2);
  second->set_ended_unix_s(1700000009.5);
  trial.set_state(pb::TRIAL_RUNNING);
  EXPECT_EQ(StartMs(trial), 1700000000250);
  EXPECT_EQ(EndMs(trial), 0);
  trial.set_state(pb::TRIAL_FAILED);
  EXPECT_EQ(EndMs(trial), 1700000009500);
  EXPECT_EQ(NewestAttempt(trial), 2);
}

}  // namespace
}  // namespace plasa::cli
