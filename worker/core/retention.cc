#include "worker/core/retention.h"

#include <utility>

namespace plasa::core {

std::optional<std::string> Retention::TakeExpired(double now_unix_s) {
  if (ended_.empty()) return std::nullopt;
  const bool too_old = now_unix_s - ended_.front().ended_unix_s > kKeepSeconds;
  if (ended_.size() <= kKeep && !too_old) return std::nullopt;
  std::string dir = std::move(ended_.front().dir);
  ended_.pop_front();
  return dir;
}

}  // namespace plasa::core
