// What a user who wants more seeds of a sweep asks of the core.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/core/model/user_commands.h"
#include "coordinator/store/read.h"

namespace plasa {

inline constexpr uint32_t kMostSeedsAtOnce = 1000;

// `count` seeds for every cell, behind the largest that the sweep has; `text` as Reader::FindSweep takes it. The
// tag is the caller's. INVALID_ARGUMENT for a count out of 1 .. 1000.
[[nodiscard]] absl::StatusOr<AddSeedsCommand> MoreSeedsOf(store::Reader& reader, const std::string& text,
                                                          uint32_t count);

}  // namespace plasa
