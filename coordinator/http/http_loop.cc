#include "coordinator/http/http_loop.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/runtime/thread_name.h"
#include "coordinator/http/listener.h"

namespace plasa::http {

namespace asio = boost::asio;
using asio::ip::tcp;

// Everything but the last four members and the gate belongs to the HTTP thread once it runs.
class HttpLoop::Impl {
 public:
  Impl(HttpOptions options, Handler& handler, LiveFeed& live)
      : options_(std::move(options)),
        live_(live),
        hub_(live, options_.limits.stream_queue),
        gate_(std::make_shared<Gate>(io_)),
        context_{options_.limits, handler, hub_, gate_},
        batch_timer_(io_) {}

  absl::Status Start() {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options_.host == "localhost" ? "127.0.0.1" : options_.host, error);
    if (error)
      return absl::InvalidArgumentError(absl::StrCat("cannot listen on ", options_.host, ": not an IP address"));
    tcp::acceptor acceptor(io_);
    const tcp::endpoint endpoint(address, options_.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", options_.host, ":", options_.port, ": ", error.message(),
                       " (another program may use the port; choose one with --listen HOST:PORT)"));
    }
    port_ = acceptor.local_endpoint().port();
    listener_.emplace(std::move(acceptor), context_);
    asio::co_spawn(io_, listener_->Run(), asio::detached);
    subscription_ = live_.Subscribe([this] { OnCommit(); });
    thread_ = std::thread([this] {
      NameThisThread("http");
      io_.run();
    });
    return absl::OkStatus();
  }

  ~Impl() {
    subscription_.Reset();
    gate_->Close();
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  int port() const { return port_; }

 private:
  // On the publisher's thread.
  void OnCommit() {
    if (!flush_due_.exchange(true)) gate_->Post([this] { FlushLater(); });
  }

  // Changes within `batch_time` leave together.
  void FlushLater() {
    batch_timer_.expires_at(std::max(std::chrono::steady_clock::now(), last_flush_ + options_.limits.batch_time));
    batch_timer_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      last_flush_ = std::chrono::steady_clock::now();
      flush_due_ = false;
      hub_.Flush();
    });
  }

  const HttpOptions options_;
  LiveFeed& live_;
  EventHub hub_;
  // Destroyed before what its coroutines use (the members above), after what uses it (those below).
  asio::io_context io_{1};
  std::shared_ptr<Gate> gate_;
  ConnectionContext context_;
  std::optional<Listener> listener_;
  asio::steady_timer batch_timer_;
  std::chrono::steady_clock::time_point last_flush_{};
  std::atomic<bool> flush_due_ = false;
  LiveFeed::Subscription subscription_;
  int port_ = 0;
  std::thread thread_;
};

HttpLoop::HttpLoop(HttpOptions options, Handler& handler, LiveFeed& live)
    : impl_(std::make_unique<Impl>(std::move(options), handler, live)) {}
HttpLoop::~HttpLoop() = default;
absl::Status HttpLoop::Start() { return impl_->Start(); }
int HttpLoop::port() const { return impl_ == nullptr ? 0 : impl_->port(); }
// The sockets close with the coroutines that own them, and those end with their io_context.
void HttpLoop::Stop() { impl_.reset(); }

}  // namespace plasa::http
