#include "coordinator/http/json_reply.h"

#include <boost/json/serialize.hpp>

namespace plasa::http {
namespace {

int HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kFailedPrecondition:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

std::string_view HintFor(absl::StatusCode code) {
  if (code == absl::StatusCode::kUnauthenticated) {
    return "plasactl dashboard prints a link for a browser; a program sends a token as Authorization: Bearer.";
  }
  return code == absl::StatusCode::kUnavailable ? "Try again in a moment." : "";
}

}  // namespace

Reply JsonReply(boost::json::object body) {
  boost::json::object versioned{{"v", 1}};
  for (auto& [key, value] : body) versioned.emplace(key, std::move(value));
  Reply reply;
  reply.body = boost::json::serialize(versioned);
  return reply;
}

Reply StatusReply(const absl::Status& status) {
  const std::string message(status.message());
  return ErrorReply(HttpStatusOf(status.code()), absl::StatusCodeToString(status.code()), message,
                    HintFor(status.code()));
}

}  // namespace plasa::http
