#include "cli/drill/plan.h"

#include <gtest/gtest.h>

#include <set>

namespace plasa::cli {
namespace {

std::vector<FaultKind> Kinds(const std::vector<Fault>& faults) {
  std::vector<FaultKind> kinds;
  for (const Fault& fault : faults) kinds.push_back(fault.kind);
  return kinds;
}

TEST(PlanRound, EveryKindStrikesOnce) {
  for (uint32_t round = 1; round <= 20; ++round) {
    const auto kinds = Kinds(PlanRound(7, round, 5));
    EXPECT_EQ(std::set(kinds.begin(), kinds.end()), std::set(kFaultKinds.begin(), kFaultKinds.end()));
    EXPECT_EQ(kinds.size(), kFaultKinds.size());
  }
}

TEST(PlanRound, TheSeedRepeatsIt) {
  const auto first = PlanRound(7, 2, 5);
  const auto again = PlanRound(7, 2, 5);
  ASSERT_EQ(Kinds(first), Kinds(again));
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].wait_s, again[i].wait_s);
    EXPECT_EQ(first[i].choice, again[i].choice);
    EXPECT_EQ(first[i].lasts_s, again[i].lasts_s);
  }
}

TEST(PlanRound, SeedsAndRoundsDiffer) {
  std::set<std::vector<FaultKind>> orders;
  for (uint64_t seed = 0; seed < 5; ++seed) {
    for (uint32_t round = 1; round <= 5; ++round) orders.insert(Kinds(PlanRound(seed, round, 5)));
  }
  EXPECT_EQ(orders.size(), 25u);
}

TEST(FaultWord, EachHasItsOwn) {
  std::set<std::string> words;
  for (const FaultKind kind : kFaultKinds) words.insert(FaultWord(kind));
  EXPECT_EQ(words.size(), kFaultKinds.size());
  EXPECT_FALSE(words.contains(""));
}

TEST(PlanRound, AllStrikeWhileAnUndisturbedSweepWouldRun) {
  for (const double quiet_s : {0.5, 60.0}) {
    double last_s = 0;
    for (const Fault& fault : PlanRound(7, 1, quiet_s)) last_s += fault.wait_s;
    EXPECT_LT(last_s, quiet_s);
    EXPECT_GT(last_s, 0.1 * quiet_s);
  }
}

}  // namespace
}  // namespace plasa::cli
