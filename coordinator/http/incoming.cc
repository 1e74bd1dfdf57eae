#include "coordinator/http/incoming.h"

#include <boost/beast/http/error.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace plasa::http {
namespace {

namespace bhttp = boost::beast::http;

std::string Text(boost::beast::string_view text) { return {text.data(), text.size()}; }

Method MethodOf(bhttp::verb verb) {
  if (verb == bhttp::verb::get || verb == bhttp::verb::head) return Method::kGet;
  return verb == bhttp::verb::post ? Method::kPost : Method::kOther;
}

}  // namespace

std::optional<Request> ToRequest(IncomingMessage& message, bool from_loopback) {
  auto target = ParseTarget(Text(message.target()));
  if (!target) return std::nullopt;
  Request request;
  request.method = MethodOf(message.method());
  request.head = message.method() == bhttp::verb::head;
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.host = Text(message[bhttp::field::host]);
  request.origin = Text(message[bhttp::field::origin]);
  request.content_type = Text(message[bhttp::field::content_type]);
  request.cookie = Text(message[bhttp::field::cookie]);
  request.authorization = Text(message[bhttp::field::authorization]);
  request.if_none_match = Text(message[bhttp::field::if_none_match]);
  request.last_event_id = Text(message["Last-Event-ID"]);
  request.accepts_gzip = Text(message[bhttp::field::accept_encoding]).find("gzip") != std::string::npos;
  request.from_loopback = from_loopback;
  request.body = std::move(message.body());
  return request;
}

std::optional<Reply> UnreadRefusal(const boost::beast::error_code& error, const HttpLimits& limits) {
  if (error == bhttp::error::header_limit) {
    return ErrorReply(431, "RESOURCE_EXHAUSTED",
                      absl::StrCat("The header is larger than ", limits.header_bytes, " bytes."));
  }
  if (error == bhttp::error::body_limit) {
    return ErrorReply(413, "RESOURCE_EXHAUSTED",
                      absl::StrCat("The body is larger than ", limits.body_bytes, " bytes."));
  }
  const bool malformed = error.category() == make_error_code(bhttp::error::bad_method).category();
  if (!malformed || error == bhttp::error::end_of_stream || error == bhttp::error::partial_message) return std::nullopt;
  return ErrorReply(400, "INVALID_ARGUMENT", "This is not HTTP/1.1.");
}

}  // namespace plasa::http
