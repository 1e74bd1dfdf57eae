// Which directories of ended attempts may go. Pure.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace plasa::core {

// Ended and settled attempts, oldest first. The newest `keep` stay for a day; all others go.
class Retention {
 public:
  static constexpr size_t kKeep = 50;
  static constexpr double kKeepSeconds = 24 * 3600;

  // Ended directories are added in the order of their ends.
  void Add(std::string dir, double ended_unix_s) { ended_.push_back({std::move(dir), ended_unix_s}); }

  // The next directory to delete, or nullopt. Call until it has none.
  [[nodiscard]] std::optional<std::string> TakeExpired(double now_unix_s);

 private:
  struct Ended {
    std::string dir;
    double ended_unix_s;
  };
  std::deque<Ended> ended_;
};

}  // namespace plasa::core
