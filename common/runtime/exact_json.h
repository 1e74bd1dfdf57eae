// Parsing that keeps every number as it is written.
#pragma once

#include <boost/json/value.hpp>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace plasa {

// JSON of at most `max_depth` levels. Numbers that are no integers are the doubles nearest to their text: Boost.JSON's
// own reading of them may be off by a unit in the last place. INVALID_ARGUMENT for text that is no JSON.
[[nodiscard]] absl::StatusOr<boost::json::value> ParseExactly(absl::string_view text, size_t max_depth);

}  // namespace plasa
