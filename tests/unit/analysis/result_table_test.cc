#include "analysis/result_table.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plasa::analysis {
namespace {

TrialRecord Trial(const std::string& id, double loss) {
  TrialRecord trial;
  trial.id = id;
  trial.seed = 3;
  trial.params = {{"schedule", "dense_baseline"}, {"seed", 3}, {"lr", 0.001}};
  trial.succeeded = true;
  trial.admitted = true;
  trial.metrics = {{"val/loss", loss}, {"time_per_step", 0.5}, {"tokens_per_s", 100}};
  return trial;
}

TEST(ResultsCsv, IsSortedAndHoldsNoTime) {
  EXPECT_EQ(ResultsCsv({Trial("b", 2.5), Trial("a", 0.1)}),
            "trial,lr,schedule,seed,valid,admitted,val/loss\n"
            "a,0.001,dense_baseline,3,true,true,0.1\n"
            "b,0.001,dense_baseline,3,true,true,2.5\n");
}

TEST(ResultsCsv, DoesNotDependOnTheOrderOfArrival) {
  EXPECT_EQ(ResultsCsv({Trial("b", 2.5), Trial("a", 0.1)}), ResultsCsv({Trial("a", 0.1), Trial("b", 2.5)}));
}

TEST(ResultsCsv, LeavesOutTrialsWithoutResult) {
  TrialRecord failed = Trial("a", 1);
  failed.succeeded = false;
  EXPECT_EQ(ResultsCsv({failed}), "trial,seed,valid,admitted\n");
}

TEST(ResultsCsv, QuotesAndKeepsNonFiniteNumbers) {
  TrialRecord trial = Trial("a", NAN);
  trial.params["note"] = "say \"hi\", twice";
  trial.valid = false;
  EXPECT_EQ(ResultsCsv({trial}),
            "trial,lr,note,schedule,seed,valid,admitted,val/loss\n"
            "a,0.001,\"say \"\"hi\"\", twice\",dense_baseline,3,false,true,NaN\n");
}

}  // namespace
}  // namespace plasa::analysis
