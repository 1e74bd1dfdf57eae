// One client's connection: requests in, answers out, or a stream of events. Runs on the HTTP thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>

#include "coordinator/http/event_hub.h"
#include "coordinator/http/gate.h"
#include "coordinator/http/handler.h"
#include "coordinator/http/options.h"

namespace plasa::http {

// What all connections share. Outlives every one of them.
struct ConnectionContext {
  const HttpLimits& limits;
  Handler& handler;
  EventHub& hub;
  std::shared_ptr<Gate> gate;
  size_t streams = 0;  // open ones
};

// Serves until the client leaves, a limit is passed or an I/O error ends it. Never throws.
[[nodiscard]] boost::asio::awaitable<void> ServeConnection(boost::asio::ip::tcp::socket socket,
                                                           ConnectionContext& context);

}  // namespace plasa::http
