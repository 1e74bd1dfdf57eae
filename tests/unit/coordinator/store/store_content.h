// What a coordinator acknowledged, read back from a database as a coordinator's start and its pages read it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

// Rows as text by table and key. Ends of logs are not among it: they are lossy by promise.
using Content = std::map<std::string, std::string>;

// A block of points that tells of its damage by itself reads "damaged".
[[nodiscard]] absl::StatusOr<Content> ReadContent(Queries& queries);

struct Opened {
  Content content;
  std::string state;  // Dump of what the core would begin with
  uint64_t epoch = 0;
};

// Opens `state_dir` as a coordinator does, checks included, and reads everything.
[[nodiscard]] absl::StatusOr<Opened> OpenAndRead(const std::string& state_dir);

}  // namespace plasa::store
