// Keeps the end of each attempt's log.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

inline constexpr size_t kLogTailBytes = 256 << 10;

// Adds a piece of an attempt's output. A piece behind a gap is kept with a mark that says how much is missing; what
// came before is not stored again. Inside the writer's transaction.
[[nodiscard]] absl::Status AppendLog(Queries& queries, uint64_t attempt, uint64_t offset, absl::string_view data);

}  // namespace plasa::store
