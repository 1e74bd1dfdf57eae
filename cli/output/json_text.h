// JSON and YAML text of a JSON value. Boost's own serializer writes 2.5 as 2.5E0 and cannot write NaN.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace plasa::cli {

// One line, members in the order they were added, shortest round-trip numbers; non-finite ones as the strings "NaN",
// "Infinity", "-Infinity".
[[nodiscard]] std::string JsonText(const boost::json::value& value);

// The same indented by two spaces, for files that people open.
[[nodiscard]] std::string PrettyJsonText(const boost::json::value& value);

// The same value as block-style YAML; every text that YAML could read as something else is quoted.
[[nodiscard]] std::string YamlText(const boost::json::value& value);

// `text` as JSON, or INVALID_ARGUMENT naming `what` ("endpoints.json").
[[nodiscard]] absl::StatusOr<boost::json::value> ParseJson(absl::string_view text, absl::string_view what);

// `text` as a JSON object; an empty object where it is empty or not one.
[[nodiscard]] boost::json::object ParseObjectOrEmpty(absl::string_view text);

}  // namespace plasa::cli
