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
