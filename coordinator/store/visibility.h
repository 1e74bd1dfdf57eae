// Which events of an attempt count: the curve of a trial looks as if nothing had ever happened to it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace plasa::store {

// What visibility needs to know of an attempt.
struct AttemptStart {
  uint64_t token = 0;
  int64_t number = 0;
  bool started = false;
  int64_t start_step = 0;
};

// For each attempt of one trial, by token: the highest step that is visible, namely the lowest start step of the later
// attempts that started (INT64_MAX when there is none). `attempts` stand in order of their numbers.
[[nodiscard]] std::map<uint64_t, int64_t> VisibleUpTo(const std::vector<AttemptStart>& attempts);

}  // namespace plasa::store
