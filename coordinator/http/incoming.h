// What clients send, from Beast's types to those of the handlers.
#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "coordinator/http/message.h"
#include "coordinator/http/options.h"

namespace plasa::http {

using IncomingMessage = boost::beast::http::request<boost::beast::http::string_body>;

// Takes the body out of `message`. nullopt for a malformed address.
[[nodiscard]] std::optional<Request> ToRequest(IncomingMessage& message, bool from_loopback);

// What is said to a client whose request could not be read; nullopt when it left or went silent.
[[nodiscard]] std::optional<Reply> UnreadRefusal(const boost::beast::error_code& error, const HttpLimits& limits);

}  // namespace plasa::http
