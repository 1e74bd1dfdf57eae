#include "coordinator/store/identity.h"

#include "absl/strings/str_cat.h"
#include "common/runtime/random_bytes.h"

namespace plasa::store {

absl::StatusOr<Identity> BeginEpoch(const Connection& connection) {
  absl::Status counted = connection.Execute(
      absl::StrCat("BEGIN IMMEDIATE; INSERT OR IGNORE INTO meta VALUES ('cluster_uuid', '", RandomUuid(),
                   "'); INSERT OR IGNORE INTO meta VALUES ('epoch', '0'); "
                   "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'epoch'; COMMIT;"));
  if (!counted.ok()) return counted;
  absl::StatusOr<std::string> uuid = connection.QueryText("SELECT value FROM meta WHERE key = 'cluster_uuid'");
  if (!uuid.ok()) return uuid.status();
  const absl::StatusOr<int64_t> epoch =
      connection.QueryInt("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'epoch'");
  if (!epoch.ok()) return epoch.status();
  return Identity{*std::move(uuid), static_cast<uint64_t>(*epoch)};
}

}  // namespace plasa::store
