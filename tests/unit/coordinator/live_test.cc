#include "coordinator/live.h"

#include <gtest/gtest.h>

namespace plasa {
namespace {

LiveChange Sweep(const std::string& id) {
  LiveChange change;
  change.sweeps.insert(id);
  return change;
}

TEST(LiveFeed, GivesWhatCameAfterACursor) {
  LiveFeed feed(1);
  const uint64_t start = feed.Cursor();
  feed.Publish(Sweep("a"));
  const uint64_t middle = feed.Cursor();
  feed.Publish(Sweep("b"));
  std::vector<LiveChange> all, later;
  ASSERT_TRUE(feed.ReadSince(start, &all));
  ASSERT_TRUE(feed.ReadSince(middle, &later));
  ASSERT_EQ(all.size(), 2u);
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].sweeps.count("b"), 1u);
}

TEST(LiveFeed, SaysWhenACursorIsTooOldOrOfAnotherLife) {
  LiveFeed feed(7, 2);
  const uint64_t start = feed.Cursor();
  for (const char* id : {"a", "b", "c"}) feed.Publish(Sweep(id));
  std::vector<LiveChange> changes;
  EXPECT_FALSE(feed.ReadSince(start, &changes));
  EXPECT_FALSE(feed.ReadSince(LiveFeed(8).Cursor(), &changes));
  EXPECT_FALSE(feed.ReadSince(LiveFeed(6).Cursor(), &changes));
  EXPECT_TRUE(changes.empty());
}

TEST(LiveFeed, KeepsNoMorePointsThanItsLimit) {
  LiveFeed feed(7, 100, 10);
  const uint64_t start = feed.Cursor();
  LiveChange four = Sweep("a");
  four.points.push_back({"a", "t", {4, {"loss", {1, 0.5, 1.0}}}});
  feed.Publish(four);
  feed.Publish(four);
  std::vector<LiveChange> changes;
  EXPECT_TRUE(feed.ReadSince(start, &changes));
  feed.Publish(four);
  EXPECT_FALSE(feed.ReadSince(start, &changes));
  EXPECT_TRUE(feed.ReadSince(start + 1, &changes));
  LiveChange many = four;
  many.points.push_back({"a", "u", {20, {"loss", {1, 0.5, 1.0}}}});
  feed.Publish(many);
  changes.clear();
  EXPECT_TRUE(feed.ReadSince(start + 3, &changes)) << "the newest change is always there";
  EXPECT_EQ(changes.size(), 1u);
  EXPECT_FALSE(feed.ReadSince(start + 2, &changes));
}

TEST(LiveFeed, EmptyChangesAreDropped) {
  LiveFeed feed(1);
  const uint64_t start = feed.Cursor();
  feed.Publish({});
  EXPECT_EQ(feed.Cursor(), start);
}

TEST(LiveFeed, CallsListenersUntilTheyLeave) {
  LiveFeed feed(1);
  int calls = 0;
  {
    const LiveFeed::Subscription subscription = feed.Subscribe([&] { ++calls; });
    feed.Publish(Sweep("a"));
  }
  feed.Publish(Sweep("b"));
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace plasa
