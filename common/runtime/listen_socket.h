// Sockets that listen: opening one with the reason where that fails, and accepting when descriptors run out.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/runtime/unique_fd.h"

namespace plasa {

// Bound and listening on HOST:PORT (0 = any free port), blocking. UNAVAILABLE says why not ("... is in use by another
// program"), INVALID_ARGUMENT that the host is unknown.
[[nodiscard]] absl::StatusOr<UniqueFd> OpenListener(const std::string& host, int port);

// OK when HOST:PORT can be listened on now. Port 0 checks the host alone.
[[nodiscard]] absl::Status CheckCanListen(const std::string& host, int port);

// The port a socket is bound to; 0 when that cannot be told.
[[nodiscard]] int PortOf(int fd);

// A descriptor kept to be able to accept, and to let go, when there is no other left: else the client that waits would
// keep the listener readable for ever.
class SpareDescriptor {
 public:
  SpareDescriptor();
  // Takes the waiting client of `listener` with the spare descriptor and closes it. Blocks when nobody waits and the
  // listener does.
  void TurnAway(int listener);

 private:
  UniqueFd fd_;
};

}  // namespace plasa
