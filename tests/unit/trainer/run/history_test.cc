#include "trainer/history.h"

#include <gtest/gtest.h>

#include "trainer/json_value.h"

namespace plasa::trainer {
namespace {

TEST(Median, OfOddEvenAndNone) {
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(Median({}), 0);
}

TEST(History, MeansTheTrainingLossBetweenEvaluations) {
  History history;
  history.AddEvaluation(0, 5.5, 0.01);
  history.AddStep(4, 10);
  history.AddStep(3, 10);
  history.AddEvaluation(2, 3.25, 0.2);
  EXPECT_EQ(history.Curves().CanonicalJson(),
            R"({"steps":[0,2],"train_loss":[null,3.5],"val_accuracy":[0.01,0.2],"val_loss":[5.5,3.25]})");
  EXPECT_TRUE(history.EvaluatedAt(2));
  EXPECT_FALSE(history.EvaluatedAt(1));
  EXPECT_EQ(history.Best()->step, 2);
}

TEST(History, LeavesTheFirstStepsOutOfTheMedian) {
  History history;
  for (int i = 0; i < 20; ++i) history.AddStep(1, 1000);
  EXPECT_EQ(history.MedianStepSeconds(), 1.0);
  for (int i = 0; i < 5; ++i) history.AddStep(1, 100);
  EXPECT_EQ(history.MedianStepSeconds(), 0.1);
}

TEST(History, SurvivesJsonBitForBit) {
  History history;
  history.AddEvaluation(0, 5.545678420079639, 0.0125732421875);
  history.AddStep(0.1 + 0.2, 12.345678901);
  const auto read = History::FromValue(*ParseJson(history.ToValue().CanonicalJson(), "state"));
  ASSERT_TRUE(read) << read.error().Text();
  EXPECT_EQ(read->train_loss_sum, history.train_loss_sum);
  EXPECT_EQ(read->train_loss_count, 1);
  EXPECT_EQ(read->ToValue(), history.ToValue());
}

TEST(History, RefusesWhatIsNone) {
  for (
      const char* text :
      {"null", "{}", "[]", R"({"curves":{},"train_loss_sum":0,"train_loss_count":0,"last_train_loss":0,"step_ms":[]})",
       R"({"curves":{"steps":[0],"train_loss":[],"val_loss":[1],"val_accuracy":[1]},"train_loss_sum":0,"train_loss_count":0,"last_train_loss":0,"step_ms":[]})"}) {
    EXPECT_FALSE(History::FromValue(*ParseJson(text, "state"))) << text;
  }
}

}  // namespace
}  // namespace plasa::trainer
