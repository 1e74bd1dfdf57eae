#include "common/sweep/rungs.h"

#include <gmock/gmock.h>

#include "sweep_text.h"

namespace plasa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Stopping(const std::string& keys) {
  return Grid("lr: {value: 0.001}", "early_terminate: {type: hyperband, " + keys + "}");
}

std::vector<int64_t> Rungs(const std::string& keys) { return RungsOf(Parsed(Stopping(keys)).early_terminate)->rungs; }

int64_t Survivors(int64_t cells, double eta) { return RungPlan{{}, eta, true}.Survivors(cells); }

TEST(Rungs, GrowFromMinIter) {
  const std::vector<int64_t> rungs = Rungs("min_iter: 3");
  EXPECT_THAT(std::vector<int64_t>(rungs.begin(), rungs.begin() + 4), ElementsAre(3, 9, 27, 81));
  EXPECT_LE(rungs.back(), 1'000'000'000);
  EXPECT_GT(rungs.back() * 3, 1'000'000'000);
}

TEST(Rungs, AreTheWholePartsOfMaxIterDivided) {
  EXPECT_THAT(Rungs("max_iter: 27, s: 2"), ElementsAre(3, 9));
  EXPECT_THAT(Rungs("max_iter: 10, s: 2"), ElementsAre(1, 3));
  EXPECT_THAT(Rungs("max_iter: 100, s: 3, eta: 2.5"), ElementsAre(6, 16, 40));
  EXPECT_THAT(Rungs("max_iter: 5, s: 9, eta: 2"), ElementsAre(1, 2)) << "none below 1";
}

TEST(Rungs, ANumberThatComesTwiceIsOneRung) {
  const std::vector<int64_t> rungs = Rungs("min_iter: 1, eta: 1.5");
  EXPECT_THAT(std::vector<int64_t>(rungs.begin(), rungs.begin() + 5), ElementsAre(1, 2, 3, 5, 7));
  EXPECT_THAT(Rungs("max_iter: 4, s: 4, eta: 1.2"), ElementsAre(1, 2, 3));
}

TEST(Rungs, OfBothFormsMaxIterCounts) { EXPECT_THAT(Rungs("min_iter: 5, max_iter: 27, s: 1"), ElementsAre(9)); }

TEST(Rungs, StrictIsTheDefault) {
  EXPECT_TRUE(RungsOf(Parsed(Stopping("min_iter: 1")).early_terminate)->strict);
  EXPECT_FALSE(RungsOf(Parsed(Stopping("min_iter: 1, strict: false")).early_terminate)->strict);
}

TEST(Rungs, ASweepWithoutAnyIsRefused) {
  EXPECT_THAT(ExpandRefusal(Stopping("max_iter: 2, s: 2")), HasSubstr("there is no rung"));
  EXPECT_THAT(ExpandRefusal(Stopping("max_iter: 27, s: 0")), HasSubstr("there is no rung"));
}

TEST(Survivors, AreTheBestPartAndAtLeastOne) {
  EXPECT_EQ(Survivors(9, 3), 3);
  EXPECT_EQ(Survivors(8, 3), 2);
  EXPECT_EQ(Survivors(2, 3), 1);
  EXPECT_EQ(Survivors(1, 3), 1);
  EXPECT_EQ(Survivors(7, 1.4), 5);
}

}  // namespace
}  // namespace plasa
