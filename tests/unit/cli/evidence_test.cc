#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "cli/evidence/recompute.h"
#include "cli/evidence/stored.h"
#include "common/base/resume_chain.h"
#include "results_fixture.h"

namespace plasa::cli {
namespace {

using plasa::v1::GetResultsReply;

// A trial whose second attempt goes on from the first at step 20.
GetResultsReply Resumed() {
  GetResultsReply results;
  auto* trial = AddResult(&results, "dense_baseline", 64, 1, 1.5)->mutable_trial();
  std::string chain = FirstResumeLink("t1", "class", "build", "data");
  for (int number = 1; number <= 2; ++number) {
    auto* attempt = trial->add_attempts();
    attempt->set_number(number);
    attempt->set_build("build");
    attempt->set_data_digest("data");
    auto* certificate = attempt->mutable_certificate();
    certificate->set_state("holds");
    certificate->set_hardware_class("class");
    if (number == 2) {
      attempt->set_start_step(20);
      certificate->set_from(1);
      certificate->set_loaded("digest");
      chain = NextResumeLink(chain, 20, "digest");
    }
    certificate->set_chain(chain);
  }
  return results;
}

TEST(CheckCertificates, ChainsAreComputedAgain) {
  const Check check = CheckCertificates(Resumed());
  EXPECT_EQ(check.result, CheckResult::kEqual);
  EXPECT_EQ(check.compared, 2u);
}

TEST(CheckCertificates, EveryChangedLinkIsSeen) {
  for (const auto change :
       {+[](plasa::v1::Trial& t) { t.mutable_attempts(0)->set_build("other"); },
        +[](plasa::v1::Trial& t) { t.mutable_attempts(0)->set_data_digest("other"); },
        +[](plasa::v1::Trial& t) { t.mutable_attempts(1)->set_start_step(21); },
        +[](plasa::v1::Trial& t) { t.mutable_attempts(1)->mutable_certificate()->set_loaded("other"); },
        +[](plasa::v1::Trial& t) { t.mutable_attempts(1)->mutable_certificate()->set_from(7); }}) {
    GetResultsReply results = Resumed();
    change(*results.mutable_results(0)->mutable_trial());
    EXPECT_EQ(CheckCertificates(results).result, CheckResult::kDiffers);
  }
}

TEST(CheckCertificates, ABrokenOneMustNotCount) {
  GetResultsReply results = Resumed();
  auto* trial = results.mutable_results(0)->mutable_trial();
  trial->mutable_attempts(1)->mutable_certificate()->set_state("broken");
  EXPECT_EQ(CheckCertificates(results).result, CheckResult::kDiffers);
  trial->set_admitted(false);
  EXPECT_EQ(CheckCertificates(results).result, CheckResult::kEqual);
}

TEST(CheckResults, TheResultIsItsLastPoints) {
  GetResultsReply results = SmallSweep(1);
  auto* metric = results.mutable_results(0)->mutable_trial()->add_metrics();
  metric->set_name("val/loss");
  metric->set_value(2.1);
  EXPECT_EQ(CheckResults(results).result, CheckResult::kEqual);
  metric->set_value(std::nextafter(2.1, 3));
  EXPECT_EQ(CheckResults(results).result, CheckResult::kDiffers);
}

TEST(CheckResults, AFailedAuditMustNotBeValid) {
  GetResultsReply results = SmallSweep(1);
  results.mutable_results(0)->mutable_trial()->add_audits()->set_passed(false);
  EXPECT_EQ(CheckResults(results).result, CheckResult::kDiffers);
  results.mutable_results(0)->mutable_trial()->set_valid(false);
  EXPECT_EQ(CheckResults(results).result, CheckResult::kEqual);
}

TEST(ChooseTrials, SeededAndWithoutRepetition) {
  const GetResultsReply results = SmallSweep(5);  // 20 trials
  RecomputeOptions options;
  options.trials = 6;
  options.seed = 1;
  const std::vector<int> chosen = ChooseTrials(results, options);
  EXPECT_EQ(std::set<int>(chosen.begin(), chosen.end()).size(), 6u);
  EXPECT_EQ(ChooseTrials(results, options), chosen);
  options.seed = 2;
  EXPECT_NE(ChooseTrials(results, options), chosen);
  options.trials = 100;
  EXPECT_EQ(ChooseTrials(results, options).size(), 20u);
}

TEST(CompareRuns, OneBitOfAMetricOrAFileIsSeen) {
  GetResultsReply results = SmallSweep(1);
  plasa::v1::TrialResult& stored = *results.mutable_results(0);
  auto* file = stored.mutable_checkpoint()->add_files();
  file->set_name("model.safetensors");
  file->set_sha256("a");
  RunAnew anew{stored.result_json(), {*file}};
  EXPECT_EQ(CompareRuns(stored, anew).result, CheckResult::kEqual);
  anew.files[0].set_sha256("b");
  EXPECT_EQ(CompareRuns(stored, anew).result, CheckResult::kDiffers);
  anew.files.clear();
  anew.result_json = R"({"metrics":{"val/loss":2.1000000000000005,"val/accuracy":0.25},"record":{}})";
  EXPECT_EQ(CompareRuns(stored, anew).result, CheckResult::kDiffers);
  EXPECT_EQ(CompareWithin(stored, anew, 1e-9).result, CheckResult::kWithin);
  anew.result_json = R"({"metrics":{"val/loss":2.11,"val/accuracy":0.25},"record":{}})";
  EXPECT_EQ(CompareWithin(stored, anew, 1e-9).result, CheckResult::kDiffers);
}

}  // namespace
}  // namespace plasa::cli
