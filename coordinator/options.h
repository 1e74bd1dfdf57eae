// The command line of plasa-coordinator.
#pragma once

#include <string>
#include <vector>

#include "common/runtime/listen_address.h"

namespace plasa {

struct CoordinatorOptions {
  std::string state_dir;  // absolute
  ListenAddress listen;
  bool insecure_network = false;           // a listener beyond this machine, although there is no TLS
  std::vector<std::string> allowed_hosts;  // more names that a browser may call it by
  std::string artifact_root;               // empty: artifacts stay in the state directory
  uint64_t max_artifact_bytes = 64ull << 30;
};

// False when the program is to end with `exit_code`: after --help, or a usage error (2) that was explained on stderr.
[[nodiscard]] bool ParseCoordinatorOptions(int argc, char** argv, CoordinatorOptions* options, int* exit_code);

}  // namespace plasa
