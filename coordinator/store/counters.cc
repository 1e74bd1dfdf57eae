#include "coordinator/store/counters.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace plasa::store {
namespace {

// Two lives must not share an epoch: the cursors of open pages begin with it. 2^21 epochs are representable.
constexpr uint64_t kEpochJump = 1000;

constexpr char kFloor[] =
    "SELECT coalesce((SELECT max(0, CAST(value AS INTEGER)) FROM meta WHERE key = 'token_floor'), 0)";

absl::StatusOr<uint64_t> Unsigned(const absl::StatusOr<int64_t>& value) {
  if (!value.ok()) return value.status();
  return static_cast<uint64_t>(std::max<int64_t>(0, *value));
}

}  // namespace

absl::StatusOr<uint64_t> TokenFloor(const Connection& connection) { return Unsigned(connection.QueryInt(kFloor)); }

absl::StatusOr<Counters> ReadCounters(const Connection& connection) {
  const auto floor = TokenFloor(connection);
  const auto given = Unsigned(connection.QueryInt("SELECT coalesce(max(token), 0) FROM attempts"));
  const auto epoch = Unsigned(
      connection.QueryInt("SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'epoch'), 0)"));
  for (const absl::Status& read : {floor.status(), given.status(), epoch.status()}) {
    if (!read.ok()) return read;
  }
  return Counters{std::max(*floor, *given), *epoch};
}

absl::StatusOr<Counters> JumpCounters(const Connection& connection, const Counters& known) {
  const auto own = ReadCounters(connection);
  if (!own.ok()) return own.status();
  const Counters next{std::max(own->token, known.token) + kTokenJump, std::max(own->epoch, known.epoch) + kEpochJump};
  absl::Status written = connection.Execute(
      absl::StrCat("BEGIN IMMEDIATE; INSERT OR REPLACE INTO meta VALUES ('token_floor', '", next.token,
                   "'); INSERT OR REPLACE INTO meta VALUES ('epoch', '", next.epoch, "'); COMMIT;"));
  if (!written.ok()) return written;
  return next;
}

}  // namespace plasa::store
