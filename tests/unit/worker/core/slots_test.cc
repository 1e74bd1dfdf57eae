#include "worker/core/slots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plasa::core {
namespace {

using ::testing::ElementsAre;

TEST(Slots, ATokenTakesOneFreeSlot) {
  Slots slots(3);
  EXPECT_TRUE(slots.Take(1, 7));
  EXPECT_EQ(slots.SlotOf(7), 1);
  EXPECT_THAT(slots.Free(), ElementsAre(0, 2));
  EXPECT_FALSE(slots.Take(1, 8)) << "taken";
  EXPECT_FALSE(slots.Take(2, 7)) << "a token sits in one slot";
  EXPECT_TRUE(slots.Take(1, 7)) << "the same lease again";
}

TEST(Slots, RefusesWhatDoesNotExist) {
  Slots slots(1);
  EXPECT_FALSE(slots.Take(1, 7));
  EXPECT_FALSE(slots.Take(-1, 7));
  EXPECT_FALSE(slots.Take(0, 0)) << "0 is no token";
  EXPECT_EQ(slots.SlotOf(0), std::nullopt);
}

TEST(Slots, ReleaseFreesOnlyItsOwn) {
  Slots slots(2);
  ASSERT_TRUE(slots.Take(0, 7));
  ASSERT_TRUE(slots.Take(1, 8));
  slots.Release(7);
  slots.Release(99);
  slots.Release(0);
  EXPECT_THAT(slots.Free(), ElementsAre(0));
  EXPECT_EQ(slots.SlotOf(8), 1);
}

}  // namespace
}  // namespace plasa::core
