// Replies of the API: a value, or a refusal with a fitting status.
#pragma once

#include <boost/json/object.hpp>

#include "absl/status/status.h"
#include "coordinator/http/message.h"

namespace plasa::http {

// 200 with `body`, which gets its version member `"v":1`.
[[nodiscard]] Reply JsonReply(boost::json::object body);

// The refusal that `status` is. Precondition: it is not OK.
[[nodiscard]] Reply StatusReply(const absl::Status& status);

}  // namespace plasa::http
