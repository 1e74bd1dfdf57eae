// Opens the database of a state directory for its one writer, and refuses what would not be safe.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/store/sqlite.h"

namespace plasa::store {

[[nodiscard]] std::string DatabasePath(const std::string& state_dir);

// WAL, synchronous=FULL, migrated. After an unclean end the file is checked first. Each refusal is one sentence with
// its mending: FAILED_PRECONDITION for a network file system, a newer schema, a foreign file or a restore that was cut
// off, PERMISSION_DENIED for a directory that cannot be written, DATA_LOSS for damage, RESOURCE_EXHAUSTED for a full
// disk.
[[nodiscard]] absl::StatusOr<Connection> OpenDatabase(const std::string& state_dir);

// Reads the whole file and says whether it is sound: DATA_LOSS with SQLite's finding, or as CheckSchema.
[[nodiscard]] absl::Status CheckWhole(const Connection& connection, const std::string& path);

// Adds to DATA_LOSS and RESOURCE_EXHAUSTED which file it is and how to mend it; other statuses stay as they are.
[[nodiscard]] absl::Status ExplainOpening(const std::string& state_dir, const absl::Status& status);

// Where a restore keeps what is complete and only has to be moved into place; while it is there nothing is opened.
[[nodiscard]] std::string ReadyToRestorePath(const std::string& state_dir);

// Notes that the database was closed in order; the last write of a connection.
[[nodiscard]] absl::Status MarkClosed(const Connection& connection);

}  // namespace plasa::store
