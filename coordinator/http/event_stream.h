// Writes one client's stream of server-sent events.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>

#include "coordinator/http/event_hub.h"
#include "coordinator/http/options.h"

namespace plasa::http {

// Sends what the hub queues, and a comment where it is silent for long, until the client leaves, does not read for
// `write_time`, or was dropped for being slow.
[[nodiscard]] boost::asio::awaitable<void> RunEventStream(boost::beast::tcp_stream& stream,
                                                          std::shared_ptr<Subscriber> subscriber,
                                                          const HttpLimits& limits);

}  // namespace plasa::http
