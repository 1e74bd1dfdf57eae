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

TEST(Schedule, BlocksGiveEachQueryWholeBlocksAndWhatItSeesOfItsOwn) {
  EXPECT_EQ(BlockBudget(1, 16), 2);
  EXPECT_EQ(BlockBudget(64, 32), 2);
  EXPECT_EQ(BlockBudget(65, 32), 3);
  EXPECT_EQ(BlockKeys(48, 16, 5), 6);    // block 0
  EXPECT_EQ(BlockKeys(48, 16, 47), 48);  // all three visible blocks
  EXPECT_EQ(BlockKeys(48, 16, 48), 33);  // two blocks and one key of its own
  EXPECT_EQ(BlockPairs(48, 16, 48), 48 * 49 / 2);
  EXPECT_EQ(BlockPairs(48, 16, 50), 48 * 49 / 2 + 33 + 34);
  EXPECT_EQ(SelectedPairs(48, 16, 48), Pairs(48, 48));
  EXPECT_EQ(SelectedPairs(7, 0, 48), Pairs(7, 48));
}

TEST(Schedule, TableOfBlocksNamesTheAlgorithm) {
  EXPECT_EQ(ScheduleTable("explicit_k", {16, 64}, 64, Thirds::kDocumented, 16),
            "Schedule: explicit_k  (n_layers=2, L=64, thirds=documented)\n"
            "layer         k       k/L     pairs  function\n"
            "0            16    25.00%    63.08%  Early (local patterns)\n"
            "1            64   100.00%   100.00%  Late (global context)\n"
            "total        80    62.50%    81.54%\n"
            "Keys are chosen by block selection, 16 keys a block: another algorithm than PLASA\n");
}

TEST(Schedule, PositionBounds) {
  Config blocks = ConfigOf("aggressive_middle", 6, 64);
  blocks.select_block = 16;  // k = 16 is two blocks
  EXPECT_EQ(PositionBoundsOf(blocks, 64).free, 32);
  EXPECT_EQ(PositionBoundsOf(blocks, 64).sparse, 32);
  EXPECT_EQ(PositionBoundsOf(ConfigOf("aggressive_middle", 6, 64), 64).free, 16);
  EXPECT_EQ(PositionBoundsOf(ConfigOf("aggressive_middle", 6, 64), 64).sparse, 32);
  EXPECT_EQ(PositionBoundsOf(ConfigOf("dense_baseline", 6, 64), 64).sparse, 64);
}

}  // namespace
}  // namespace plasa
