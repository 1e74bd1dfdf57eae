// Queues of streams: bounded, shared, resumable.
#include "coordinator/http/event_hub.h"

#include <gtest/gtest.h>

namespace plasa::http {
namespace {

class Hub : public testing::Test {
 protected:
  void Publish(const std::string& trial) {
    LiveChange change;
    change.trials = {trial};
    feed.Publish(change);
  }

  LiveFeed feed{1};
  EventHub hub{feed, /*queue_limit=*/2};
};

TEST_F(Hub, ManyChangesAreOneBatchThatAllStreamsShare) {
  const auto a = hub.Subscribe(std::nullopt), b = hub.Subscribe(std::nullopt);
  Publish("t1");
  Publish("t2");
  hub.Flush();
  ASSERT_EQ(a->queue.size(), 2u);  // where it begins, and the batch
  EXPECT_EQ(a->queue.back(), b->queue.back());
  EXPECT_NE(a->queue.back()->find("\"trials\":[\"t1\",\"t2\"]"), std::string::npos);
}

TEST_F(Hub, OneThatDoesNotKeepUpIsDroppedAndTheOthersAreNot) {
  const auto slow = hub.Subscribe(std::nullopt), quick = hub.Subscribe(std::nullopt);
  slow->queue.clear();
  int woken = 0;
  slow->wake = [&] { ++woken; };
  for (int i = 0; i < 4; ++i) {
    Publish("t");
    hub.Flush();
    quick->queue.clear();
  }
  EXPECT_TRUE(slow->dropped);
  EXPECT_TRUE(slow->queue.empty());
  EXPECT_EQ(woken, 3);  // two batches and the drop
  EXPECT_FALSE(quick->dropped);
}

TEST_F(Hub, ANewcomerMissesNothingAndSeesNothingTwice) {
  Publish("t1");
  const uint64_t cursor = feed.Cursor();
  Publish("t2");
  const auto stream = hub.Subscribe(cursor);
  hub.Flush();
  ASSERT_EQ(stream->queue.size(), 1u);
  EXPECT_EQ(stream->queue.front()->find("t1"), std::string::npos);
  EXPECT_NE(stream->queue.front()->find("t2"), std::string::npos);
}

TEST_F(Hub, NothingNewIsNothingSent) {
  const auto stream = hub.Subscribe(feed.Cursor());
  hub.Flush();
  EXPECT_TRUE(stream->queue.empty());
}

}  // namespace
}  // namespace plasa::http
