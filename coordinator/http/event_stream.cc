#include "coordinator/http/event_stream.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <utility>

namespace plasa::http {
namespace {

namespace asio = boost::asio;

// A client says nothing on a stream; a read ends when it leaves.
asio::awaitable<void> UntilLeft(boost::beast::tcp_stream& stream) {
  std::array<char, 256> ignored{};
  boost::system::error_code error;
  stream.expires_never();
  while (!error) {
    co_await stream.async_read_some(asio::buffer(ignored), asio::redirect_error(asio::use_awaitable, error));
  }
}

std::string TakeAll(Subscriber& subscriber) {
  std::string text;
  for (const auto& batch : subscriber.queue) text += *batch;
  subscriber.queue.clear();
  return text;
}

asio::awaitable<void> SendBatches(boost::beast::tcp_stream& stream, Subscriber& subscriber, const HttpLimits& limits) {
  asio::steady_timer waiting(stream.get_executor());
  subscriber.wake = [&waiting] { waiting.cancel(); };
  boost::system::error_code error, woken;
  std::string text = ": plasa\nretry: 1000\n\n";
  while (!error && !subscriber.dropped) {
    text += TakeAll(subscriber);
    stream.expires_after(limits.write_time);
    co_await asio::async_write(stream, asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
    text.clear();
    if (error || subscriber.dropped || !subscriber.queue.empty()) continue;
    waiting.expires_after(limits.heartbeat_time);
    co_await waiting.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (!woken && subscriber.queue.empty()) text = ":\n\n";
  }
  subscriber.wake = nullptr;
}

}  // namespace

asio::awaitable<void> RunEventStream(boost::beast::tcp_stream& stream, std::shared_ptr<Subscriber> subscriber,
                                     const HttpLimits& limits) {
  using asio::experimental::awaitable_operators::operator||;
  co_await (UntilLeft(stream) || SendBatches(stream, *subscriber, limits));
  subscriber->wake = nullptr;
}

}  // namespace plasa::http
