// Who this coordinator is, and how often it has started.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/store/sqlite.h"

namespace plasa::store {

struct Identity {
  std::string cluster_uuid;  // made with the database
  uint64_t epoch = 0;        // grows with each start
};

// Counts this start, durably: on the disk before anybody is served.
[[nodiscard]] absl::StatusOr<Identity> BeginEpoch(const Connection& connection);

}  // namespace plasa::store
