// The database's tables, as numbered migrations.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "coordinator/store/sqlite.h"

namespace plasa::store {

inline constexpr int32_t kApplicationId = 0x504C4153;  // "PLAS"
inline constexpr int kSchemaVersion = 4;               // user_version after all migrations

// FAILED_PRECONDITION for a newer schema or for a file that is no plasa database; `path` is for the message. An empty
// file is none.
[[nodiscard]] absl::Status CheckSchema(const Connection& connection, const std::string& path);

// Brings the database of `path` (for messages) to kSchemaVersion, one transaction a migration. FAILED_PRECONDITION for
// a newer schema or for a file that is no plasa database.
[[nodiscard]] absl::Status Migrate(Connection& connection, const std::string& path);

}  // namespace plasa::store
