// Whether a port can be listened on, and if not, why: gRPC does not say.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace plasa {

// OK when HOST:PORT can be bound now. UNAVAILABLE says why not ("... is in use by another program"), INVALID_ARGUMENT
// that the host is unknown. Port 0 checks the host alone.
[[nodiscard]] absl::Status CheckCanListen(const std::string& host, int port);

}  // namespace plasa
