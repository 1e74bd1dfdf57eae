// Replies of the API: a value, or a refusal with a fitting status.
#pragma once

#include <boost/json/object.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/http/message.h"

namespace plasa::http {

// 200 with `body`, which gets its version member `"v":1`.
[[nodiscard]] Reply JsonReply(boost::json::object body);

// The refusal that `status` is. Precondition: it is not OK.
[[nodiscard]] Reply StatusReply(const absl::Status& status);

// The reply, or the refusal that stands in its place.
[[nodiscard]] inline Reply ReplyOf(absl::StatusOr<Reply> reply) {
  return reply.ok() ? *std::move(reply) : StatusReply(reply.status());
}

}  // namespace plasa::http
