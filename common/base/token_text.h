// What a bearer token may look like.
#pragma once

#include <algorithm>
#include <string_view>

namespace plasa {

// Whether `text` can stand in a header: printable ASCII without spaces. gRPC ends a process that sends anything else.
[[nodiscard]] inline bool IsTokenText(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace plasa
