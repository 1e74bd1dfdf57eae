// File names that strangers give.
#pragma once

#include <string_view>

namespace plasa {

// Whether `path` stays below the directory it is put into: relative, at most 255 bytes, no empty part and none that
// begins with a dot.
[[nodiscard]] bool IsPlainPath(std::string_view path);

}  // namespace plasa
