#include "coordinator/live.h"

namespace plasa {
namespace {

// 2^21 epochs of 2^32 changes: every cursor is an integer that JavaScript can hold.
constexpr int kEpochShift = 32;

size_t PointsIn(const LiveChange& change) {
  size_t sum = 0;
  for (const LivePoints& points : change.points) sum += points.points.size();
  return sum;
}

}  // namespace

LiveFeed::LiveFeed(uint64_t epoch, size_t capacity, size_t max_points)
    : capacity_(capacity), max_points_(max_points), cursor_(epoch << kEpochShift), oldest_known_(cursor_) {}

void LiveFeed::Publish(LiveChange change) {
  if (change.Empty()) return;
  {
    const std::lock_guard lock(mutex_);
    change.cursor = ++cursor_;
    points_ += PointsIn(change);
    ring_.push_back(std::move(change));
    while (ring_.size() > capacity_ || (points_ > max_points_ && ring_.size() > 1)) DropOldest();
  }
  const std::lock_guard lock(listeners_mutex_);
  for (const auto& [id, listener] : listeners_) listener();
}

void LiveFeed::DropOldest() {
  oldest_known_ = ring_.front().cursor;
  points_ -= PointsIn(ring_.front());
  ring_.pop_front();
}

uint64_t LiveFeed::Cursor() const {
  const std::lock_guard lock(mutex_);
  return cursor_;
}

bool LiveFeed::ReadSince(uint64_t cursor, std::vector<LiveChange>* changes) const {
  const std::lock_guard lock(mutex_);
  if (cursor < oldest_known_ || cursor > cursor_) return false;
  const size_t skip = static_cast<size_t>(cursor - oldest_known_);
  changes->insert(changes->end(), ring_.begin() + static_cast<std::ptrdiff_t>(skip), ring_.end());
  return true;
}

LiveFeed::Subscription LiveFeed::Subscribe(Listener listener) {
  const std::lock_guard lock(listeners_mutex_);
  listeners_.emplace(next_id_, std::move(listener));
  return Subscription(this, next_id_++);
}

LiveFeed::Subscription::Subscription(Subscription&& other) noexcept
    : feed_(std::exchange(other.feed_, nullptr)), id_(other.id_) {}

LiveFeed::Subscription& LiveFeed::Subscription::operator=(Subscription&& other) noexcept {
  if (this == &other) return *this;
  Reset();
  feed_ = std::exchange(other.feed_, nullptr);
  id_ = other.id_;
  return *this;
}

void LiveFeed::Subscription::Reset() {
  LiveFeed* feed = std::exchange(feed_, nullptr);
  if (feed == nullptr) return;
  const std::lock_guard lock(feed->listeners_mutex_);
  feed->listeners_.erase(id_);
}

}  // namespace plasa
