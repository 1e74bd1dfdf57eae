// Boost.JSON with plasa's habits: bounded parsing, non-finite numbers as text, lenient readers of optional members.
#pragma once

#include <boost/json/fwd.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/value.h"

namespace plasa {

// Numbers are read exactly (exact_json.h). INVALID_ARGUMENT for text that is no JSON, or is nested deeper than 32 levels.
[[nodiscard]] absl::StatusOr<boost::json::value> ParseJson(absl::string_view text);

// The object `text` holds, or an empty one. For text of our own database.
[[nodiscard]] boost::json::object ParseObjectOrEmpty(absl::string_view text);

// A number; "NaN", "Infinity", "-Infinity" for the ones that JSON has not.
[[nodiscard]] boost::json::value JsonNumber(double value);

// The number a value holds, also by one of the three texts above.
[[nodiscard]] std::optional<double> NumberOf(const boost::json::value& value);

// Members of an object, or the fallback when missing or of another type.
[[nodiscard]] std::string TextOr(const boost::json::object& object, absl::string_view key, absl::string_view fallback);
[[nodiscard]] double NumberOr(const boost::json::object& object, absl::string_view key, double fallback);
[[nodiscard]] int64_t IntegerOr(const boost::json::object& object, absl::string_view key, int64_t fallback);
[[nodiscard]] bool BoolOr(const boost::json::object& object, absl::string_view key, bool fallback);

// Into the value type of the rooms below the JSON library. Integers above 2^63 become doubles.
[[nodiscard]] Value ToValue(const boost::json::value& json);

}  // namespace plasa
