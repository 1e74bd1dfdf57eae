#include "common/sweep/controls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace plasa {
namespace {

using testing::ElementsAre;

constexpr char kSchedules[] =
    "[dense_baseline, uniform_sparse, dense_to_sparse, aggressive_middle, progressive_sparse, reverse_progressive]";

SweepSpec Sweep(const std::string& schedules, const std::string& plasa) {
  auto spec = ParseSweep(
      "{method: grid, parameters: {preset: {value: demo}, seq_len: {value: 64}, schedule: {values: " + schedules +
          "}}, plasa: {" + plasa + "}}",
      "f.yaml");
  EXPECT_TRUE(spec.ok()) << (spec.ok() ? "" : spec.error().Text());
  return *spec;
}

// The schedule of each cell behind the first `skip`.
std::vector<std::string> Added(const SweepSpec& spec, size_t skip) {
  const auto cells = ExpandCells(spec);
  EXPECT_TRUE(cells.ok());
  std::vector<std::string> texts;
  for (size_t i = skip; i < cells->size(); ++i) {
    Value::Object shown;
    for (const char* key : {"schedule", "schedule_match", "schedule_perm"}) {
      if ((*cells)[i].contains(key)) shown[key] = (*cells)[i].at(key);
    }
    texts.push_back(Value(shown).CanonicalJson());
  }
  return texts;
}

// mu(reverse) is mu(progressive), and the order MLE of progressive is reverse: neither is run twice.
TEST(Controls, OfTheExperiment) {
  EXPECT_THAT(Added(Sweep(kSchedules, "contrasts: exp3, controls: matched"), 6),
              ElementsAre(R"({"schedule":"matched_uniform","schedule_match":"dense_to_sparse"})",
                          R"({"schedule":"matched_uniform","schedule_match":"aggressive_middle"})",
                          R"({"schedule":"aggressive_middle","schedule_perm":"ELM"})",
                          R"({"schedule":"aggressive_middle","schedule_perm":"MEL"})",
                          R"({"schedule":"matched_uniform","schedule_match":"progressive_sparse"})",
                          R"({"schedule":"progressive_sparse","schedule_perm":"ELM"})",
                          R"({"schedule":"progressive_sparse","schedule_perm":"MEL"})",
                          R"({"schedule":"progressive_sparse","schedule_perm":"LEM"})",
                          R"({"schedule":"progressive_sparse","schedule_perm":"LME"})"));
}

TEST(Controls, OfAListAreTheUniformOnesOfEqualBudget) {
  EXPECT_THAT(Added(Sweep("[aggressive_middle, uniform_sparse]",
                          "contrasts: [aggressive_middle - uniform_sparse], controls: matched"),
                    2),
              ElementsAre(R"({"schedule":"matched_uniform","schedule_match":"aggressive_middle"})"));
}

TEST(Controls, AreThereOnlyWhereTheyAreAskedFor) {
  EXPECT_TRUE(Added(Sweep(kSchedules, "contrasts: exp3"), 6).empty());
}

TEST(Controls, EachSeedAndTheirOwnFactorsAreInTheTrials) {
  const auto expansion = Expand(Sweep(kSchedules, "contrasts: exp3, controls: matched, seeds: 2"));
  ASSERT_TRUE(expansion.ok()) << expansion.error().Text();
  ASSERT_EQ(expansion->trials.size(), 30u);
  EXPECT_EQ(Value(expansion->trials.front().cell).CanonicalJson(), R"({"schedule":"dense_baseline"})");
  EXPECT_EQ(Value(expansion->trials.back().cell).CanonicalJson(),
            R"({"schedule":"progressive_sparse","schedule_perm":"LME"})");
  std::set<std::string> ids;
  for (const TrialSpec& trial : expansion->trials) ids.insert(trial.id);
  EXPECT_EQ(ids.size(), 30u);
}

// A grid with controls holds the trials of the grid without them.
TEST(Controls, ChangeNoTrialOfTheGrid) {
  const auto with = Expand(Sweep(kSchedules, "contrasts: exp3, controls: matched"));
  const auto without = Expand(Sweep(kSchedules, "contrasts: exp3"));
  ASSERT_TRUE(with.ok() && without.ok());
  for (size_t i = 0; i < without->trials.size(); ++i) EXPECT_EQ(with->trials[i].id, without->trials[i].id);
}

TEST(Controls, AreKeptInTheCanonicalText) {
  const SweepSpec spec = Sweep(kSchedules, "contrasts: exp3, controls: matched");
  const auto again = ParseSweep(spec.canonical.CanonicalJson(), "again");
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->matched_controls);
  EXPECT_EQ(SweepId(*again), SweepId(spec));
}

TEST(Controls, CountForTheLimitOfTrials) {
  const auto refused = Expand(Sweep(kSchedules, "contrasts: exp3, controls: matched, seeds: 10000"));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().Text(), testing::HasSubstr("15 cells"));
}

}  // namespace
}  // namespace plasa
