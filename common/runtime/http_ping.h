// One small HTTP request of this process to itself.
#pragma once

#include <chrono>
#include <string>

#include "absl/status/status.h"

namespace plasa {

// GET `path` at `address` (HOST:PORT; a numeric host, an IPv6 one in brackets) over a new connection. OK for 200 and
// for a connection that the server closes without a word: it turns clients away, so it lives. Else what happened
// instead. Blocks up to `limit`.
[[nodiscard]] absl::Status PingHttp(const std::string& address, const std::string& path,
                                    std::chrono::milliseconds limit);

}  // namespace plasa
