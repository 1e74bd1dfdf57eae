// What changed since a reader last looked: the door from commits to long polls and server-sent events.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/store/series_block.h"

namespace plasa {

// Points of one attempt that became durable in one commit.
struct LivePoints {
  std::string sweep;  // newest sweep that holds the trial; may be empty
  std::string trial;
  std::vector<std::pair<std::string, store::Point>> points;  // name, point
};

// What one commit, or one judgement of the core's clock, touched.
struct LiveChange {
  uint64_t cursor = 0;  // grows; given by the feed
  std::set<std::string> sweeps;
  std::set<std::string> trials;
  bool workers = false;
  std::vector<LivePoints> points;

  [[nodiscard]] bool Empty() const { return sweeps.empty() && trials.empty() && !workers && points.empty(); }
};

// The newest changes in a ring. Published by the writer's thread after a commit and by the core's thread; read by
// anybody. Cursors grow over restarts too, because they begin with the epoch. Thread-safe.
class LiveFeed {
 public:
  using Listener = std::function<void()>;

  // Keeps the last `capacity` changes, fewer where they hold more than `max_points` points together: a report may bring
  // thousands, and memory must not grow with what comes in.
  explicit LiveFeed(uint64_t epoch, size_t capacity = 4096, size_t max_points = 250'000);

  // Ends its listening when it goes. After Reset or destruction the listener is not running and never runs again: so it
  // must not be destroyed from within its own listener, nor with a lock held that the listener takes.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(LiveFeed* feed, uint64_t id) : feed_(feed), id_(id) {}
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription() { Reset(); }
    void Reset();

   private:
    LiveFeed* feed_ = nullptr;
    uint64_t id_ = 0;
  };

  // Gives the change its cursor, keeps it and calls the listeners. Empty changes are dropped.
  void Publish(LiveChange change);

  // The cursor of the newest change. Read it before reading the database: what comes later is then seen twice, not
  // never.
  [[nodiscard]] uint64_t Cursor() const;

  // Appends what came after `cursor` to `changes` and returns true; false when the cursor is too old (or not of this
  // coordinator): load everything again and go on from Cursor().
  [[nodiscard]] bool ReadSince(uint64_t cursor, std::vector<LiveChange>* changes) const;

  // `listener` is called after each change, on the publisher's thread: it only wakes somebody up, and never calls the
  // feed.
  [[nodiscard]] Subscription Subscribe(Listener listener);

 private:
  void DropOldest();  // with mutex_ held

  const size_t capacity_;
  const size_t max_points_;

  mutable std::mutex mutex_;  // guards what follows
  std::deque<LiveChange> ring_;
  size_t points_ = 0;  // in ring_
  uint64_t cursor_;
  uint64_t oldest_known_;  // changes after this cursor are all in the ring

  std::mutex listeners_mutex_;  // guards what follows; held while listeners run
  std::map<uint64_t, Listener> listeners_;
  uint64_t next_id_ = 1;
};

}  // namespace plasa
