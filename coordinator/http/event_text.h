// Changes as the text of server-sent events (docs/http-api.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/live.h"

namespace plasa::http {

// One batch: a `points` event a trial (its newest 256), then one `change` event that names all that was touched. The
// id, the batch's cursor, stands on the last event, so that a client which was cut off within a batch gets the whole
// batch again.
[[nodiscard]] std::string BatchText(const std::vector<LiveChange>& changes, uint64_t cursor);

// Tells a client from which cursor on it will hear of changes.
[[nodiscard]] std::string BeginText(uint64_t cursor);

// Tells a client to load everything again and to go on from `cursor`.
[[nodiscard]] std::string ResetText(uint64_t cursor);

}  // namespace plasa::http
