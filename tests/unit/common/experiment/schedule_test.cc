#include "common/experiment/schedule.h"

#include <gmock/gmock.h>

namespace plasa {
namespace {

using testing::ElementsAre;

Config ConfigOf(const std::string& schedule, int64_t layers, int64_t length) {
  Config c;
  c.schedule = schedule;
  c.n_layers = layers;
  c.seq_len = length;
  return c;
}

TEST(Schedule, LayerKeysFollowTheThirds) {
  Config c = ConfigOf("progressive_sparse", 4, 128);
  EXPECT_THAT(LayerKeys(c, 128), ElementsAre(128, 32, 32, 64));
  c.thirds = Thirds::kUpstream;
  EXPECT_THAT(LayerKeys(c, 128), ElementsAre(128, 32, 64, 64));
  EXPECT_THAT(LayerKeys(ConfigOf("aggressive_middle", 1, 17), 17), ElementsAre(4));
}

TEST(Schedule, MatchedUniformHasTheNearestPairs) {
  EXPECT_NEAR(MatchedRatio(RatiosOf("aggressive_middle")), 0.404881, 1e-6);
  EXPECT_NEAR(MatchedRatio(RatiosOf("progressive_sparse")), 0.479584, 1e-6);
  EXPECT_NEAR(static_cast<double>(MatchedUniform({512, 512, 256, 256, 512, 512}, 1024)) / 1024, 0.404881, 2e-3);
}

TEST(Schedule, PermutationsDropRepeats) {
  EXPECT_EQ(Permutations("uniform_sparse").size(), 1u);
  EXPECT_EQ(Permutations("aggressive_middle").size(), 3u);
  EXPECT_EQ(Permutations("progressive_sparse").size(), 6u);
}

TEST(Schedule, TableBytes) {
  EXPECT_EQ(ScheduleTable(ConfigOf("progressive_sparse", 4, 128), 128),
            "Schedule: progressive_sparse  (n_layers=4, L=128, thirds=documented)\n"
            "layer         k       k/L     pairs  function\n"
            "0           128   100.00%   100.00%  Early (local patterns)\n"
            "1            32    25.00%    43.60%  Middle (feature composition)\n"
            "2            32    25.00%    43.60%  Middle (feature composition)\n"
            "3            64    50.00%    74.81%  Late (global context)\n"
            "total       256    50.00%    65.50%\n");
}

TEST(Schedule, PositionBounds) {
  EXPECT_EQ(PositionBoundsOf(ConfigOf("aggressive_middle", 6, 64), 64).free, 16);
  EXPECT_EQ(PositionBoundsOf(ConfigOf("aggressive_middle", 6, 64), 64).sparse, 32);
  EXPECT_EQ(PositionBoundsOf(ConfigOf("dense_baseline", 6, 64), 64).sparse, 64);
}

}  // namespace
}  // namespace plasa
