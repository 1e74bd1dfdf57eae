// A complete copy of a coordinator's state, taken while it runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace plasa::store {

// What a backup or a restore holds.
struct CopySummary {
  int64_t sweeps = 0;
  int64_t trials = 0;
  uint64_t database_bytes = 0;
  uint64_t artifacts = 0;
  uint64_t artifact_bytes = 0;
  std::vector<std::string> missing;  // digests the database names whose file is gone or damaged, sorted
};

// Copies the database of `state_dir` as it is at one moment, the artifacts it names at that moment, tokens/ and
// endpoints.json into the new directory `to`, laid out as a state directory. Nothing in `state_dir` is changed, and a
// coordinator that runs there is not held up. `to` is complete, checked and fsynced, or it is not there.
//
// ALREADY_EXISTS when there is a `to`, NOT_FOUND without a database, DATA_LOSS when the database is damaged,
// UNAVAILABLE when artifacts change faster than they can be copied, RESOURCE_EXHAUSTED for a full disk.
[[nodiscard]] absl::StatusOr<CopySummary> BackUp(const std::string& state_dir, const std::string& to);

// Sweeps, trials and size of the database at `path`.
[[nodiscard]] absl::Status CountRows(const std::string& path, CopySummary* summary);

}  // namespace plasa::store
