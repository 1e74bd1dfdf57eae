// Text from programs we do not know.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace plasa {

// `bytes` with everything that is not well-formed UTF-8 (overlong forms and surrogates included) replaced by U+FFFD.
[[nodiscard]] std::string ToUtf8(absl::string_view bytes);

}  // namespace plasa
