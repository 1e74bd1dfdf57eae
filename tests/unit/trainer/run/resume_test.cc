#include "trainer/resume.h"

#include <gtest/gtest.h>

namespace plasa::trainer {
namespace {

const RunIdentity kHere{"config", "data", "class"};

Value StateOf(const RunIdentity& identity, bool inexact = false) {
  const Config config = *ResolveConfig(Value(Value::Object{}));
  WindowOptions options;
  options.length = 32;
  const auto data = OpenDataset(TaskSpec{}, options);
  RunState state;
  state.step = 7;
  state.inexact = inexact;
  state.coverage = Value::Object{{"steps", 7}};
  return StateValue(state, config, **data, identity, 12);
}

TEST(ReadState, ReadsBackTheStep) {
  const auto state = ReadState(StateOf(kHere), kHere, false);
  ASSERT_TRUE(state) << state.error().Text();
  EXPECT_EQ(state->step, 7);
  EXPECT_EQ(state->coverage, Value(Value::Object{{"steps", 7}}));
  EXPECT_FALSE(state->inexact);
}

TEST(ReadState, RefusesAnotherRunAndAnotherClass) {
  EXPECT_FALSE(ReadState(StateOf({"other", "data", "class"}), kHere, true));
  EXPECT_FALSE(ReadState(StateOf({"config", "other", "class"}), kHere, true));
  const auto other_class = ReadState(StateOf({"config", "data", "other"}), kHere, false);
  ASSERT_FALSE(other_class);
  EXPECT_NE(other_class.error().Text().find("--inexact"), std::string::npos);
  EXPECT_FALSE(ReadState(Value("text"), kHere, true));
  EXPECT_FALSE(
      ReadState(Value(Value::Object{{"config_hash", "config"}, {"data_digest", "data"}, {"hardware_class", "class"}}),
                kHere, true));
}

TEST(ReadState, AnInexactResumeStaysMarked) {
  const auto now = ReadState(StateOf({"config", "data", "other"}), kHere, true);
  ASSERT_TRUE(now);
  EXPECT_TRUE(now->inexact);
  const auto later = ReadState(StateOf(kHere, true), kHere, false);
  ASSERT_TRUE(later);
  EXPECT_TRUE(later->inexact);
}

}  // namespace
}  // namespace plasa::trainer
