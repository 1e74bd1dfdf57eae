#include "coordinator/http/connection.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/write.hpp>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "common/runtime/log.h"
#include "coordinator/http/event_stream.h"
#include "coordinator/http/incoming.h"

namespace plasa::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
constexpr Log kLog("http");

using Parser = bhttp::request_parser<bhttp::string_body>;

// Sent with every answer: nothing of another site runs in the page, and the page is in nobody's frame.
template <class Message>
void SetCommonHeaders(Message& message) {
  message.set(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
      "form-action 'none'; frame-ancestors 'none'");
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Cross-Origin-Opener-Policy", "same-origin");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
  if (message.count(bhttp::field::cache_control) == 0) message.set(bhttp::field::cache_control, "no-store");
}

// One connection's state; its coroutine owns it.
class Connection {
 public:
  Connection(asio::ip::tcp::socket socket, ConnectionContext& context)
      : stream_(std::move(socket)), context_(context), limits_(context.limits) {
    beast::error_code error;
    const auto peer = stream_.socket().remote_endpoint(error);
    from_loopback_ = !error && peer.address().is_loopback();
  }

  asio::awaitable<void> Run() {
    bool first = true;
    while (co_await WaitForBytes(first ? limits_.header_time : limits_.idle_time)) {
      first = false;
      if (!co_await ServeOne()) break;
    }
    CloseForSending();
  }

 private:
  void CloseForSending() {
    beast::error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }

  auto Catch() { return asio::redirect_error(asio::use_awaitable, error_); }

  asio::awaitable<bool> WaitForBytes(std::chrono::milliseconds limit) {
    if (buffer_.size() > 0) co_return true;
    stream_.expires_after(limit);
    const size_t count = co_await stream_.async_read_some(buffer_.prepare(4096), Catch());
    buffer_.commit(count);
    co_return !error_;
  }

  // Reads a request, answers it; false when the connection is to be closed.
  asio::awaitable<bool> ServeOne() {
    Parser parser;
    parser.header_limit(limits_.header_bytes);
    parser.body_limit(limits_.body_bytes);
    stream_.expires_after(limits_.header_time);
    co_await bhttp::async_read_header(stream_, buffer_, parser, Catch());
    if (!error_) {
      stream_.expires_after(limits_.write_time);
      co_await bhttp::async_read(stream_, buffer_, parser, Catch());
    }
    if (error_) {
      co_await RefuseUnread();
      co_return false;
    }
    IncomingMessage message = parser.release();
    const bool head = message.method() == bhttp::verb::head, keep = message.keep_alive();
    auto request = ToRequest(message, from_loopback_);
    Answer answer = ErrorReply(400, "INVALID_ARGUMENT", "The address is malformed.");
    if (request) answer = co_await Ask(std::move(*request));
    if (const auto* start = std::get_if<StreamStart>(&answer)) {
      co_await Stream(*start);
      co_return false;
    }
    if (const auto* deferred = std::get_if<Deferred>(&answer)) answer = Answer(deferred->make());
    co_return co_await Write(std::get<Reply>(answer), head, keep);
  }

  // Refuses a request that was not read to its end, then reads on: a socket closed with unread bytes resets the
  // connection, and the refusal is lost with it.
  asio::awaitable<void> RefuseUnread() {
    const std::optional<Reply> refusal = UnreadRefusal(error_, limits_);
    if (!refusal) co_return;
    co_await Write(*refusal, false, false);
    CloseForSending();
    stream_.expires_after(limits_.write_time);
    for (uint64_t read = 0; !error_ && read < 4 * limits_.body_bytes;) {
      read += co_await stream_.async_read_some(buffer_.prepare(65536), Catch());
    }
  }

  // The handler's answer. Its callback may come from another thread, or never: it holds no part of this coroutine.
  asio::awaitable<Answer> Ask(Request request) {
    struct Waiting {
      explicit Waiting(const asio::any_io_executor& executor) : timer(executor) {}
      asio::steady_timer timer;
      std::optional<Answer> answer;
    };
    const auto waiting = std::make_shared<Waiting>(stream_.get_executor());
    waiting->timer.expires_after(limits_.command_time);
    context_.handler.Handle(std::move(request), [weak = std::weak_ptr(waiting), gate = context_.gate](Answer answer) {
      gate->Post([weak, answer = std::move(answer)]() mutable {
        const auto alive = weak.lock();
        if (!alive) return;
        alive->answer = std::move(answer);
        alive->timer.cancel();
      });
    });
    if (!waiting->answer) co_await waiting->timer.async_wait(Catch());
    if (waiting->answer) co_return std::move(*waiting->answer);
    co_return ErrorReply(504, "DEADLINE_EXCEEDED", "The coordinator did not commit this in time.",
                         "It may still happen; look before you repeat it.");
  }

  asio::awaitable<bool> Write(const Reply& reply, bool head, bool keep) {
    const std::string_view body = reply.body.empty() ? reply.fixed : std::string_view(reply.body);
    bhttp::response<bhttp::span_body<const char>> message;
    message.result(static_cast<unsigned>(reply.status));
    message.version(11);
    message.set(bhttp::field::content_type, reply.content_type);
    for (const auto& [name, value] : reply.headers) message.set(name, value);
    SetCommonHeaders(message);
    message.keep_alive(keep);
    if (!head && reply.status != 304) message.body() = beast::span<const char>(body.data(), body.size());
    if (reply.status != 304) message.content_length(body.size());
    stream_.expires_after(limits_.write_time);
    if (head) {
      bhttp::response_serializer<bhttp::span_body<const char>> serializer(message);
      co_await bhttp::async_write_header(stream_, serializer, Catch());
    } else {
      co_await bhttp::async_write(stream_, message, Catch());
    }
    co_return keep && !error_;
  }

  asio::awaitable<void> Stream(StreamStart start) {
    if (context_.streams >= limits_.streams) {
      co_await Write(ErrorReply(503, "RESOURCE_EXHAUSTED", "Too many streams are open.", "Close some tabs."), false,
                     false);
      co_return;
    }
    ++context_.streams;
    bhttp::response<bhttp::empty_body> message;
    message.version(11);
    message.set(bhttp::field::content_type, "text/event-stream");
    SetCommonHeaders(message);
    message.keep_alive(false);
    stream_.expires_after(limits_.write_time);
    bhttp::response_serializer<bhttp::empty_body> serializer(message);
    co_await bhttp::async_write_header(stream_, serializer, Catch());
    if (!error_) co_await RunEventStream(stream_, context_.hub.Subscribe(start.cursor), limits_);
    --context_.streams;
  }

  beast::tcp_stream stream_;
  ConnectionContext& context_;
  const HttpLimits& limits_;
  beast::flat_buffer buffer_;
  beast::error_code error_;
  bool from_loopback_ = false;
};

}  // namespace

asio::awaitable<void> ServeConnection(asio::ip::tcp::socket socket, ConnectionContext& context) {
  try {
    Connection connection(std::move(socket), context);
    co_await connection.Run();
  } catch (const std::exception& error) {  // a library's (out of memory, say): this client pays for it, not the others
    kLog.Error("connection ended by an exception", {{"what", error.what()}});
  }
}

}  // namespace plasa::http
