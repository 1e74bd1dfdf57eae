#include "common/base/plain_path.h"

#include <algorithm>
#include <cstddef>

namespace plasa {

bool IsPlainPath(std::string_view path) {
  if (path.empty() || path.size() > 255) return false;
  size_t at = 0;
  while (at <= path.size()) {
    const size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part.empty() || part.front() == '.' || part.find('\0') != std::string_view::npos) return false;
    at = end + 1;
  }
  return true;
}

}  // namespace plasa
