#include "coordinator/store/database_file.h"

#include <errno.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/runtime/durable_file.h"
#include "coordinator/store/schema.h"

namespace plasa::store {
namespace {

// f_type of file systems that several machines share; write-ahead logs need shared memory of one machine.
constexpr unsigned long kNfs = 0x6969;
constexpr unsigned long kSmb = 0x517B;
constexpr unsigned long kSmb2 = 0xFE534D42;
constexpr unsigned long kCifs = 0xFF534D42;
constexpr unsigned long k9p = 0x01021997;
constexpr unsigned long kCeph = 0x00C36400;
constexpr unsigned long kLustre = 0x0BD00BD0;
constexpr unsigned long kAfs = 0x5346414F;

absl::Status CheckFileSystem(const std::string& dir) {
  struct statfs info {};
  if (statfs(dir.c_str(), &info) != 0) return FileError("look at", dir, errno);
  const unsigned long type = static_cast<unsigned long>(info.f_type) & 0xFFFFFFFFul;
  for (const unsigned long shared : {kNfs, kSmb, kSmb2, kCifs, k9p, kCeph, kLustre, kAfs}) {
    if (type == shared) {
      return absl::FailedPreconditionError(absl::StrCat(
          dir,
          " lies on a network file system, where a database is not safe (choose a --state directory on a local disk)"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckWritable(const std::string& dir) {
  if (access(dir.c_str(), W_OK | X_OK) == 0) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(
      "the state directory ", dir, " cannot be written (check its owner and mode, or choose another --state)"));
}

absl::Status CheckNoRestore(const std::string& state_dir) {
  if (access(ReadyToRestorePath(state_dir).c_str(), F_OK) != 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("a restore into ", state_dir, " was cut off (run the same `plasactl restore` again, it goes on)"));
}

// Columns of JSON, by table. A lost page in the middle of a long text is nothing that SQLite can see.
constexpr std::pair<const char*, const char*> kJsonColumns[] = {
    {"sweeps", "spec_json"},     {"trials", "params_json"},     {"trials", "data_json"},
    {"trials", "limits_json"},   {"trials", "invalid_reasons"}, {"trials", "failures_json"},
    {"trials", "excluded_json"}, {"attempts", "audits_json"},   {"attempts", "result_json"},
    {"workers", "slots_json"},   {"workers", "trainers_json"},  {"events", "json"}};

absl::Status CheckJson(const Connection& connection) {
  for (const auto& [table, column] : kJsonColumns) {
    const auto broken = connection.QueryInt(
        absl::StrCat("SELECT count(*) FROM ", table, " WHERE ", column, " <> '' AND NOT json_valid(", column, ")"));
    if (!broken.ok()) return broken.status();
    if (*broken > 0) return absl::DataLossError(absl::StrCat(*broken, " rows of ", table, " hold a broken ", column));
  }
  return absl::OkStatus();
}

// Whether the last process that wrote here went without MarkClosed.
bool WasLeftOpen(const Connection& connection) {
  const auto open = connection.QueryText("SELECT value FROM meta WHERE key = 'open'");
  return open.ok() && *open == "1";
}

absl::Status CheckAfterUncleanEnd(const Connection& connection, const std::string& path) {
  return WasLeftOpen(connection) ? CheckWhole(connection, path) : absl::OkStatus();
}

absl::Status Prepare(Connection& connection, const std::string& path) {
  absl::Status done =
      connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864;");
  if (done.ok()) done = Migrate(connection, path);
  if (done.ok()) done = CheckAfterUncleanEnd(connection, path);
  if (done.ok()) done = connection.Execute("INSERT OR REPLACE INTO meta VALUES ('open', '1')");
  return done;
}

}  // namespace

std::string DatabasePath(const std::string& state_dir) { return state_dir + "/plasa.db"; }

std::string ReadyToRestorePath(const std::string& state_dir) { return state_dir + "/restore.ready"; }

absl::Status CheckWhole(const Connection& connection, const std::string& path) {
  if (absl::Status ours = CheckSchema(connection, path); !ours.ok()) return ours;
  const auto finding = connection.QueryText("PRAGMA quick_check(1)");
  if (!finding.ok()) return finding.status();
  return *finding == "ok" ? CheckJson(connection) : absl::DataLossError(*finding);
}

absl::Status ExplainOpening(const std::string& state_dir, const absl::Status& status) {
  const std::string path = DatabasePath(state_dir);
  if (absl::IsDataLoss(status)) {
    return absl::DataLossError(absl::StrCat(path, " is damaged: ", status.message(),
                                            " (put a backup back: plasactl restore BACKUP --state ", state_dir,
                                            " --replace, or move it away to start empty; it is left as it is)"));
  }
  if (absl::IsResourceExhausted(status)) {
    return absl::ResourceExhaustedError(
        absl::StrCat(path, " cannot be written: the disk is full (make room, then start again)"));
  }
  return status;
}

absl::StatusOr<Connection> OpenDatabase(const std::string& state_dir) {
  const std::string path = DatabasePath(state_dir);
  for (const auto check : {CheckFileSystem, CheckWritable, CheckNoRestore}) {
    if (absl::Status fit = check(state_dir); !fit.ok()) return fit;
  }
  absl::StatusOr<Connection> connection = Connection::OpenWriter(path);
  if (!connection.ok()) return ExplainOpening(state_dir, connection.status());
  if (absl::Status prepared = Prepare(*connection, path); !prepared.ok()) return ExplainOpening(state_dir, prepared);
  return connection;
}

absl::Status MarkClosed(const Connection& connection) {
  return connection.Execute("INSERT OR REPLACE INTO meta VALUES ('open', '0')");
}

}  // namespace plasa::store
