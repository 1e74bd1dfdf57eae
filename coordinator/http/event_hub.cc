#include "coordinator/http/event_hub.h"

#include "coordinator/http/event_text.h"

namespace plasa::http {

std::string EventHub::Since(uint64_t cursor, uint64_t* upto) const {
  std::vector<LiveChange> changes;
  if (!feed_.ReadSince(cursor, &changes)) {
    *upto = feed_.Cursor();
    return ResetText(*upto);
  }
  if (changes.empty()) return "";
  *upto = changes.back().cursor;
  return BatchText(changes, *upto);
}

void EventHub::Flush() {
  auto text = std::make_shared<const std::string>(Since(cursor_, &cursor_));
  if (text->empty()) return;
  std::erase_if(subscribers_, [](const auto& weak) { return weak.expired(); });
  for (const auto& weak : subscribers_) {
    if (const auto subscriber = weak.lock()) Send(text, *subscriber);
  }
}

void EventHub::Send(const std::shared_ptr<const std::string>& text, Subscriber& subscriber) const {
  if (subscriber.dropped) return;
  if (subscriber.queue.size() < queue_limit_) {
    subscriber.queue.push_back(text);
  } else {
    subscriber.queue.clear();
    subscriber.dropped = true;
  }
  if (subscriber.wake) subscriber.wake();
}

std::shared_ptr<Subscriber> EventHub::Subscribe(std::optional<uint64_t> cursor) {
  Flush();  // so that the newcomer and the hub stand at the same cursor
  auto subscriber = std::make_shared<Subscriber>();
  uint64_t upto = cursor.value_or(cursor_);
  std::string text = cursor ? Since(*cursor, &upto) : BeginText(cursor_);
  if (!text.empty()) subscriber->queue.push_back(std::make_shared<const std::string>(std::move(text)));
  subscribers_.push_back(subscriber);
  return subscriber;
}

}  // namespace plasa::http
