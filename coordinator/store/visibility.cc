#include "coordinator/store/visibility.h"

#include <algorithm>
#include <limits>

namespace plasa::store {

std::map<uint64_t, int64_t> VisibleUpTo(const std::vector<AttemptStart>& attempts) {
  std::map<uint64_t, int64_t> limits;
  int64_t limit = std::numeric_limits<int64_t>::max();
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt) {
    limits[attempt->token] = limit;
    if (attempt->started) limit = std::min(limit, attempt->start_step);
  }
  return limits;
}

}  // namespace plasa::store
