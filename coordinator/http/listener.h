// Accepts connections within the limits and starts serving each.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <map>

#include "common/runtime/listen_socket.h"
#include "coordinator/http/connection.h"

namespace plasa::http {

// Lives on the HTTP thread, as long as its io_context runs.
class Listener {
 public:
  // `acceptor` is bound and listening.
  Listener(boost::asio::ip::tcp::acceptor acceptor, ConnectionContext& context);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Accepts until the acceptor is closed. Out of descriptors, it turns clients away one by one and goes on.
  [[nodiscard]] boost::asio::awaitable<void> Run();

 private:
  [[nodiscard]] boost::asio::awaitable<void> Serve(boost::asio::ip::tcp::socket socket);
  [[nodiscard]] boost::asio::awaitable<void> MakeRoom();
  [[nodiscard]] bool HasRoomFor(const boost::asio::ip::address& peer) const;

  boost::asio::ip::tcp::acceptor acceptor_;
  ConnectionContext& context_;
  std::map<boost::asio::ip::address, size_t> open_;  // connections by peer
  size_t open_total_ = 0;
  SpareDescriptor spare_;
};

}  // namespace plasa::http
