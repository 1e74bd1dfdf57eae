#include "cli/report/tree.h"

#include <gtest/gtest.h>

#include <set>

#include "cli/output/json_text.h"
#include "cli/remote/state_dir.h"
#include "common/base/sha256.h"
#include "results_fixture.h"
#include "temp_dir.h"

namespace plasa::cli {
namespace {

boost::json::object ReadObject(const std::filesystem::path& file) {
  const auto text = ReadFile(file);
  return ParseObjectOrEmpty(text.ok() ? *text : "");
}

class TreeTest : public testing::Test {
 protected:
  TempDir dir_;
};

TEST_F(TreeTest, OneSeed) {
  const auto summary = WriteReport(SmallSweep(1), dir_.path());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->succeeded, 4u);
  const auto record = ReadObject(dir_.path() / "seq_64" / "dense_baseline_results.json");
  EXPECT_EQ(record.at("val_loss").as_double(), 1.6);
  EXPECT_TRUE(record.at("valid").as_bool());
  EXPECT_FALSE(record.contains("over_seeds"));
  EXPECT_FALSE(std::filesystem::exists(dir_.path() / "seq_64" / "dense_baseline_seed1_results.json"));
  EXPECT_EQ(ReadObject(dir_.path() / "seq_256" / "comparison_summary.json").size(), 2u);
}

TEST_F(TreeTest, SeveralSeeds) {
  ASSERT_TRUE(WriteReport(SmallSweep(3), dir_.path()).ok());
  EXPECT_TRUE(std::filesystem::exists(dir_.path() / "seq_64" / "dense_baseline_seed3_results.json"));
  const auto record = ReadObject(dir_.path() / "seq_64" / "dense_baseline_results.json");
  EXPECT_NEAR(record.at("over_seeds").at("val/loss").at("mean").as_double(), 1.7, 1e-12);
}

TEST_F(TreeTest, SummariesSayWhichCellsNeverCount) {
  for (const bool valid : {false, true}) {
    const auto to = dir_.path() / (valid ? "valid" : "leaky");
    ASSERT_TRUE(WriteReport(SmallSweep(2, valid), to).ok());
    const auto cells = ReadObject(to / "seq_64" / "comparison_summary.json");
    EXPECT_EQ(cells.size(), 2u);
    for (const auto& cell : cells) EXPECT_EQ(cell.value().at("valid").as_bool(), valid);
  }
}

TEST_F(TreeTest, LabelsLongerThanAFileNameMayBeKeepTheirFiles) {
  plasa::v1::GetResultsReply results;
  const std::string common = "uniform_sparse, " + std::string(600, 'x');
  for (const int seed : {1, 2}) {
    AddResult(&results, common + "=1", 64, seed, 1.0);
    AddResult(&results, common + "=2", 64, seed, 2.0);
  }
  const auto summary = WriteReport(results, dir_.path());
  ASSERT_TRUE(summary.ok()) << summary.status();
  std::multiset<double> losses;
  for (const auto& file : std::filesystem::directory_iterator(dir_.path() / "seq_64")) {
    const std::string name = file.path().filename();
    if (name.starts_with("uniform_sparse-xxx")) losses.insert(ReadObject(file).at("val_loss").to_number<double>());
  }
  EXPECT_EQ(losses, (std::multiset<double>{1, 1, 1, 2, 2, 2}));  // a file a seed, and one over the seeds
}

TEST_F(TreeTest, LabelsThatLookAlikeAsFileNamesKeepTheirFiles) {
  plasa::v1::GetResultsReply results;
  AddResult(&results, "two words", 64, 1, 1.0);
  AddResult(&results, "two-words", 64, 1, 2.0);
  ASSERT_TRUE(WriteReport(results, dir_.path()).ok());
  EXPECT_EQ(ReadObject(dir_.path() / "seq_64" / "two-words_results.json").at("val_loss"), 1);
  EXPECT_EQ(ReadObject(dir_.path() / "seq_64" / "two-words-2_results.json").at("val_loss"), 2);
}

TEST_F(TreeTest, ManifestNamesTheTableByDigest) {
  ASSERT_TRUE(WriteReport(SmallSweep(1), dir_.path()).ok());
  const auto table = ReadFile(dir_.path() / "results.csv");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(ReadObject(dir_.path() / "manifest.json").at("results_csv_sha256").as_string(), Sha256Hex(*table));
}

TEST_F(TreeTest, ManifestHasTheDigestOfEveryOtherFile) {
  ASSERT_TRUE(WriteReport(SmallSweep(3), dir_.path()).ok());
  const auto files = ReadObject(dir_.path() / "manifest.json").at("files").as_object();
  size_t seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
    const std::string name = std::filesystem::relative(entry.path(), dir_.path()).string();
    if (!entry.is_regular_file() || name == "manifest.json") continue;
    const auto text = ReadFile(entry.path());
    ASSERT_TRUE(files.contains(name)) << name;
    EXPECT_EQ(files.at(name).as_string(), Sha256Hex(*text)) << name;
    ++seen;
  }
  EXPECT_EQ(files.size(), seen);
}

TEST_F(TreeTest, ManifestSaysWhatMadeTheReport) {
  ASSERT_TRUE(WriteReport(SmallSweep(1), dir_.path()).ok());
  const auto manifest = ReadObject(dir_.path() / "manifest.json");
  EXPECT_TRUE(manifest.at("code").as_object().contains("diff_sha256"));
  EXPECT_GT(manifest.at("environment").at("cpus").as_int64(), 0);
  EXPECT_TRUE(manifest.at("environment").at("libraries").as_object().contains("gRPC"));
}

// The table speaks of what was measured: who ran it, how often and when, must not show.
TEST_F(TreeTest, AttemptsWorkersAndTimesDoNotMoveTheTable) {
  const auto calm = SmallSweep(2);
  auto wild = calm;
  wild.mutable_sweep()->set_id("s2");
  wild.mutable_sweep()->set_created_unix_s(12345);
  for (auto& result : *wild.mutable_results()) {
    for (int number = 1; number <= 3; ++number) {
      auto* attempt = result.mutable_trial()->add_attempts();
      attempt->set_number(number);
      attempt->set_token(100 + number);
      attempt->set_worker("another");
      attempt->set_created_unix_s(7.0 * number);
      attempt->set_cause(plasa::v1::CAUSE_KILLED);
    }
    auto json = ParseObjectOrEmpty(result.result_json());
    json.at("record").as_object()["time_per_step"] = 99.0;
    result.set_result_json(JsonText(json));
  }
  wild.mutable_results()->SwapElements(0, 3);
  EXPECT_EQ(ResultTable(wild), ResultTable(calm));
  wild.mutable_results(0)->mutable_trial()->set_admitted(false);
  EXPECT_NE(ResultTable(wild), ResultTable(calm));
}

TEST_F(TreeTest, WithoutResultsThereIsNoFigureButATable) {
  auto results = SmallSweep(1);
  for (auto& result : *results.mutable_results()) result.mutable_trial()->set_state(plasa::v1::TRIAL_RUNNING);
  const auto summary = WriteReport(results, dir_.path());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_FALSE(summary->figure.ok());
  EXPECT_TRUE(std::filesystem::exists(dir_.path() / "results.csv"));
}

TEST_F(TreeTest, ContrastsOfTheSweepAreJudged) {
  auto results = SmallSweep(8);
  results.mutable_sweep()->set_metric_goal("minimize");
  results.mutable_sweep()->set_spec_json(
      R"({"plasa":{"contrasts":["dense_baseline - uniform_sparse at seq_len=64","a - b on val/accuracy"]}})");
  const auto summary = WriteReport(results, dir_.path());
  ASSERT_TRUE(summary.ok()) << summary.status();
  ASSERT_EQ(summary->answers.claims.size(), 3u);  // the second at both lengths
  EXPECT_EQ(summary->answers.claims[0].verdict, "supported");
  const auto written = ReadObject(dir_.path() / "verdicts.json");
  const auto& first = written.at("verdicts").at(0).as_object();
  EXPECT_EQ(first.at("verdict").as_string(), "supported");
  EXPECT_NEAR(first.at("mean").as_double(), -0.5, 1e-12);
  EXPECT_EQ(first.at("n").as_int64(), 8);
  EXPECT_EQ(written.at("verdicts").at(2).at("verdict").as_string(), "not testable (no admitted results of b)");
  EXPECT_EQ(written.at("claims").at(0).at("contrasts").at(0).as_object(), first);
}

// A trial that was stopped early is counted aloud and enters neither tables nor verdicts, though it has numbers.
TEST_F(TreeTest, PrunedTrialsAreCountedAndEnterNothingElse) {
  auto results = SmallSweep(8);
  results.mutable_sweep()->set_spec_json(
      R"({"plasa":{"contrasts":["dense_baseline - uniform_sparse at seq_len=64"]}})");
  for (auto& result : *results.mutable_results()) {
    const bool loses = result.trial().cell().find("uniform_sparse\",\"seq_len\":64") != std::string::npos;
    if (!loses) continue;
    result.mutable_trial()->set_state(plasa::v1::TRIAL_PRUNED);
    result.mutable_trial()->set_admitted(false);
  }
  const auto summary = WriteReport(results, dir_.path());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->pruned, 8u);
  EXPECT_EQ(summary->succeeded, 24u);
  EXPECT_EQ(summary->answers.claims[0].verdict, "not testable (uniform_sparse was stopped early)");
  EXPECT_FALSE(std::filesystem::exists(dir_.path() / "seq_64" / "uniform_sparse_results.json"));
  const std::string table = *ReadFile(dir_.path() / "results.csv");
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1 + 24);
}

// What other sweeps of the store know enters verdicts.json, and no other file.
TEST_F(TreeTest, RelatedTrialsEnterTheVerdictsAlone) {
  auto results = SmallSweep(4);
  results.mutable_sweep()->set_spec_json(
      R"({"plasa":{"contrasts":["dense_baseline - uniform_sparse at seq_len=64"]}})");
  const auto more = SmallSweep(8);
  *results.mutable_related() = more.results();
  for (int i = 0; i < more.results_size(); ++i)
    results.mutable_related(i)->mutable_trial()->set_id("r" + std::to_string(i));
  const auto summary = WriteReport(results, dir_.path());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->answers.claims[0].effect.n, 8u);
  EXPECT_EQ(summary->trials, 16u);
  EXPECT_FALSE(std::filesystem::exists(dir_.path() / "seq_64" / "dense_baseline_seed8_results.json"));
}

TEST_F(TreeTest, AnUnknownSetOfContrastsIsAnError) {
  auto results = SmallSweep(1);
  results.mutable_sweep()->set_spec_json(R"({"plasa":{"contrasts":"exp33"}})");
  EXPECT_FALSE(WriteReport(results, dir_.path()).ok());
}

TEST_F(TreeTest, WithoutContrastsThereAreNoVerdicts) {
  ASSERT_TRUE(WriteReport(SmallSweep(1), dir_.path()).ok());
  EXPECT_FALSE(std::filesystem::exists(dir_.path() / "verdicts.json"));
}

TEST_F(TreeTest, WithoutGnuplotTheRestIsWritten) {
  const std::string path = getenv("PATH");
  setenv("PATH", dir_.path().c_str(), 1);
  const auto summary = WriteReport(SmallSweep(1), dir_.path() / "out");
  setenv("PATH", path.c_str(), 1);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_TRUE(absl::IsNotFound(summary->figure));
  EXPECT_TRUE(std::filesystem::exists(dir_.path() / "out" / "seq_64" / "comparison_summary.json"));
}

TEST_F(TreeTest, AnUnwritableDirectoryIsAnError) {
  ASSERT_TRUE(WriteFile(dir_.path() / "file", "x").ok());
  EXPECT_FALSE(WriteReport(SmallSweep(1), dir_.path() / "file" / "below").ok());
}

}  // namespace
}  // namespace plasa::cli
