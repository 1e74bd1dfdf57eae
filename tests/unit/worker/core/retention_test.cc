#include "worker/core/retention.h"

#include <gtest/gtest.h>

namespace plasa::core {
namespace {

TEST(Retention, KeepsTheNewestFifty) {
  Retention retention;
  for (int i = 0; i < 52; ++i) retention.Add("dir" + std::to_string(i), 1000 + i);
  EXPECT_EQ(retention.TakeExpired(1100), "dir0");
  EXPECT_EQ(retention.TakeExpired(1100), "dir1");
  EXPECT_EQ(retention.TakeExpired(1100), std::nullopt);
}

TEST(Retention, KeepsNothingLongerThanADay) {
  Retention retention;
  retention.Add("old", 1000);
  retention.Add("new", 80'000);
  EXPECT_EQ(retention.TakeExpired(87'401), "old");
  EXPECT_EQ(retention.TakeExpired(87'401), std::nullopt);
  EXPECT_EQ(retention.TakeExpired(999'999), "new");
  EXPECT_EQ(retention.TakeExpired(999'999), std::nullopt);
}

}  // namespace
}  // namespace plasa::core
