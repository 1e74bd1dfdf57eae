// Numbers that must grow over every life of a coordinator, also over one that was set back by a backup.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "coordinator/store/sqlite.h"

namespace plasa::store {

// How far a restored database's tokens begin behind every token that the backup knows. What was given between backup
// and loss lies in between, so that it is never given again.
inline constexpr uint64_t kTokenJump = uint64_t{1} << 32;

struct Counters {
  uint64_t token = 0;  // the last one that may have been given
  uint64_t epoch = 0;  // of the last start
};

// The token up to which a restore has reserved them; 0 where nothing was ever restored.
[[nodiscard]] absl::StatusOr<uint64_t> TokenFloor(const Connection& connection);

[[nodiscard]] absl::StatusOr<Counters> ReadCounters(const Connection& connection);

// Raises the counters beyond what this database and `known` have given, in one durable transaction, and returns them.
[[nodiscard]] absl::StatusOr<Counters> JumpCounters(const Connection& connection, const Counters& known);

}  // namespace plasa::store
