// Fans the coordinator's changes out to the open streams. Lives on the HTTP thread alone.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/live.h"

namespace plasa::http {

// One open stream. Owned by its connection; the hub holds it weakly.
struct Subscriber {
  std::deque<std::shared_ptr<const std::string>> queue;  // batches not yet written
  bool dropped = false;                                  // it did not keep up and is to be closed
  std::function<void()> wake;                            // called after a change of the above
};

// A batch is one text that all streams share. Each stream has a bounded queue: one that does not keep up is dropped,
// and its client comes back with the cursor it knows.
class EventHub {
 public:
  // `feed` must outlive the hub.
  EventHub(const LiveFeed& feed, size_t queue_limit) : feed_(feed), queue_limit_(queue_limit), cursor_(feed.Cursor()) {}

  // Sends what came since the last flush as one batch.
  void Flush();

  // A stream that goes on after `cursor`; without one it goes on from now, and `begin` says where that is. A cursor
  // that the feed no longer knows begins with `reset`.
  [[nodiscard]] std::shared_ptr<Subscriber> Subscribe(std::optional<uint64_t> cursor);

 private:
  // What a reader at `cursor` lacks, "" for nothing; `upto` becomes the cursor it then has.
  [[nodiscard]] std::string Since(uint64_t cursor, uint64_t* upto) const;
  void Send(const std::shared_ptr<const std::string>& text, Subscriber& subscriber) const;

  const LiveFeed& feed_;
  const size_t queue_limit_;
  uint64_t cursor_;  // of the last batch sent
  std::vector<std::weak_ptr<Subscriber>> subscribers_;
};

}  // namespace plasa::http
