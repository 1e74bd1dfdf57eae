#include "coordinator/store/schema.h"

#include "absl/strings/str_cat.h"
#include "coordinator/store/migrations.h"

namespace plasa::store {
namespace {

static_assert(kMigrations.size() == kSchemaVersion);

absl::Status Foreign(const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, " is not a database of plasa (move it away, or choose another --state directory)"));
}

absl::Status Newer(const std::string& path, int64_t version) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, " has schema ", version, ", written by a newer plasa; this one knows schemas up to ",
                   kSchemaVersion, " (start the newer version again, or restore a backup made by this one)"));
}

absl::Status Apply(Connection& connection, int version) {
  return connection.Execute(absl::StrCat("BEGIN IMMEDIATE;", kMigrations[static_cast<size_t>(version - 1)],
                                         "PRAGMA application_id=", kApplicationId, ";PRAGMA user_version=", version,
                                         ";COMMIT;"));
}

}  // namespace

absl::Status CheckSchema(const Connection& connection, const std::string& path) {
  const absl::StatusOr<int64_t> version = connection.QueryInt("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const absl::StatusOr<int64_t> application = connection.QueryInt("PRAGMA application_id");
  if (!application.ok()) return application.status();
  if (*application != kApplicationId || *version < 1) return Foreign(path);
  return *version > kSchemaVersion ? Newer(path, *version) : absl::OkStatus();
}

absl::Status Migrate(Connection& connection, const std::string& path) {
  const absl::StatusOr<int64_t> version = connection.QueryInt("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const absl::StatusOr<int64_t> tables = connection.QueryInt("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.status();
  const bool fresh = *version == 0 && *tables == 0;
  if (!fresh) {
    if (absl::Status ours = CheckSchema(connection, path); !ours.ok()) return ours;
  }
  for (int next = static_cast<int>(*version) + 1; next <= kSchemaVersion; ++next) {
    if (absl::Status applied = Apply(connection, next); !applied.ok()) return applied;
  }
  return absl::OkStatus();
}

}  // namespace plasa::store
