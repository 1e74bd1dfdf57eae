#include "coordinator/http/listener.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

namespace plasa::http {
namespace asio = boost::asio;
using asio::ip::tcp;

Listener::Listener(tcp::acceptor acceptor, ConnectionContext& context)
    : acceptor_(std::move(acceptor)), context_(context) {}

asio::awaitable<void> Listener::Run() {
  while (acceptor_.is_open()) {
    boost::system::error_code error;
    tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::no_descriptors) {
      co_await MakeRoom();
      continue;
    }
    if (error == asio::error::operation_aborted) break;
    if (error) continue;  // this one client left before it was accepted
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error || !HasRoomFor(peer.address())) continue;  // closes it
    asio::co_spawn(acceptor_.get_executor(), Serve(std::move(socket)), asio::detached);
  }
}

bool Listener::HasRoomFor(const asio::ip::address& peer) const {
  const auto it = open_.find(peer);
  return open_total_ < context_.limits.connections &&
         (it == open_.end() || it->second < context_.limits.connections_per_peer);
}

asio::awaitable<void> Listener::Serve(tcp::socket socket) {
  boost::system::error_code error;
  socket.set_option(tcp::no_delay(true), error);
  const asio::ip::address peer = socket.remote_endpoint(error).address();
  ++open_total_;
  ++open_[peer];
  co_await ServeConnection(std::move(socket), context_);
  --open_total_;
  if (--open_[peer] == 0) open_.erase(peer);
}

// Lets the waiting client go, so that the queue of the kernel does not stand still; then waits a moment for connections
// to end.
asio::awaitable<void> Listener::MakeRoom() {
  boost::system::error_code error;
  acceptor_.native_non_blocking(true, error);
  spare_.TurnAway(acceptor_.native_handle());
  asio::steady_timer pause(acceptor_.get_executor(), std::chrono::milliseconds(20));
  co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
}

}  // namespace plasa::http
