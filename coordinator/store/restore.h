// Puts a backup in the place of a coordinator's state.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/store/backup.h"

namespace plasa::store {

struct RestoreOptions {
  bool replace = false;     // an existing database is moved aside
  bool incomplete = false;  // a backup whose artifacts are not all there will do
};

struct RestoreSummary {
  CopySummary copied;
  uint64_t token_floor = 0;  // tokens from now on are greater
  std::string replaced;      // where what was there is now; empty when there was nothing
  bool remembered = true;    // the backup knows that it was restored: another restore of it jumps further
};

// Copies the backup, or the state directory of a stopped coordinator, at `from` into `state_dir`, checks the copy,
// jumps its counters (see counters.h), and moves it into place; `from` keeps a note of the jump where it can be
// written. A restore that was cut off while things were moved is ended instead. `state_dir`/worker/ is not touched.
//
// FAILED_PRECONDITION while a coordinator runs on either directory, for a database of another program or a newer
// schema, and without options.replace when there is a database; NOT_FOUND without a backup; DATA_LOSS when the backup
// is damaged or not complete. After an error `state_dir` is as it was.
[[nodiscard]] absl::StatusOr<RestoreSummary> Restore(const std::string& from, const std::string& state_dir,
                                                     const RestoreOptions& options);

}  // namespace plasa::store
