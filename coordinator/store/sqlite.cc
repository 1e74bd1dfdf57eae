#include "coordinator/store/sqlite.h"

#include <sqlite3.h>

#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"

namespace plasa::store {
namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr int kPagesAtATime = 256;

absl::StatusCode CodeOf(int sqlite_code) {
  switch (sqlite_code & 0xFF) {
    case SQLITE_FULL:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::StatusCode::kDataLoss;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return absl::StatusCode::kPermissionDenied;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInternal;
  }
}

}  // namespace

absl::Status SqliteError(sqlite3* connection, absl::string_view doing) {
  return absl::Status(CodeOf(sqlite3_extended_errcode(connection)),
                      absl::StrCat(doing, ": ", sqlite3_errmsg(connection)));
}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      next_(other.next_),
      failure_(other.failure_) {}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::Reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  next_ = 1;
  failure_ = SQLITE_OK;
  return *this;
}

Statement& Statement::Bind(int64_t value) {
  const int code = sqlite3_bind_int64(statement_, next_++, value);
  if (failure_ == SQLITE_OK) failure_ = code;
  return *this;
}

Statement& Statement::Bind(double value) {
  const int code = sqlite3_bind_double(statement_, next_++, value);
  if (failure_ == SQLITE_OK) failure_ = code;
  return *this;
}

Statement& Statement::Bind(absl::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  const int code = sqlite3_bind_text64(statement_, next_++, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (failure_ == SQLITE_OK) failure_ = code;
  return *this;
}

Statement& Statement::BindReal(double value) { return Bind(std::bit_cast<int64_t>(value)); }

Statement& Statement::BindBlob(absl::string_view bytes) {
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  const int code = sqlite3_bind_blob64(statement_, next_++, data, bytes.size(), SQLITE_TRANSIENT);
  if (failure_ == SQLITE_OK) failure_ = code;
  return *this;
}

Statement& Statement::BindNull() {
  const int code = sqlite3_bind_null(statement_, next_++);
  if (failure_ == SQLITE_OK) failure_ = code;
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  if (failure_ != SQLITE_OK) return SqliteError(connection_, "cannot bind");
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  absl::Status status = SqliteError(connection_, "database");
  sqlite3_reset(statement_);
  return status;
}

absl::Status Statement::Run() {
  absl::StatusOr<bool> row = Step();
  sqlite3_reset(statement_);
  return row.status();
}

int64_t Statement::Int(int column) const { return sqlite3_column_int64(statement_, column); }

double Statement::Double(int column) const { return sqlite3_column_double(statement_, column); }

double Statement::Real(int column) const { return std::bit_cast<double>(Int(column)); }

std::string Statement::Text(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), static_cast<size_t>(size));
}

bool Statement::IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

absl::StatusOr<Connection> Connection::Open(const std::string& path, int flags) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Connection connection(handle);
  if (code != SQLITE_OK) return SqliteError(handle, absl::StrCat("cannot open ", path));
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  absl::Status tuned = connection.Execute("PRAGMA mmap_size=0; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;");
  if (!tuned.ok()) return tuned;
  return connection;
}

absl::StatusOr<Connection> Connection::OpenWriter(const std::string& path) {
  return Open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

absl::StatusOr<Connection> Connection::OpenReader(const std::string& path) {
  // Read-only by query_only: a connection opened SQLITE_OPEN_READONLY cannot make the -shm file of a WAL database.
  absl::StatusOr<Connection> connection = Open(path, SQLITE_OPEN_READWRITE);
  if (!connection.ok()) return connection;
  absl::Status tuned =
      connection->Execute("PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-16384;");
  if (!tuned.ok()) return tuned;
  sqlite3_db_config(connection->handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return connection;
}

Connection::Connection(Connection&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Connection::~Connection() { sqlite3_close_v2(handle_); }

absl::StatusOr<Statement> Connection::Prepare(absl::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return SqliteError(handle_, absl::StrCat("cannot prepare '", sql, "'"));
  return Statement(handle_, statement);
}

absl::Status Connection::Execute(const std::string& sql) const {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return absl::OkStatus();
  return SqliteError(handle_, "database");
}

absl::StatusOr<int64_t> Connection::QueryInt(absl::string_view sql) const {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<bool> row = statement->Step();
  if (!row.ok()) return row.status();
  return *row ? absl::StatusOr<int64_t>(statement->Int(0)) : absl::NotFoundError("no row");
}

absl::StatusOr<std::string> Connection::QueryText(absl::string_view sql) const {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<bool> row = statement->Step();
  if (!row.ok()) return row.status();
  return *row ? absl::StatusOr<std::string>(statement->Text(0)) : absl::NotFoundError("no row");
}

absl::Status Connection::CopyPagesTo(const Connection& to) const {
  sqlite3_backup* backup = sqlite3_backup_init(to.handle_, "main", handle_, "main");
  if (backup == nullptr) return SqliteError(to.handle_, "cannot begin the copy");
  int code = SQLITE_OK;
  while (code == SQLITE_OK) code = sqlite3_backup_step(backup, kPagesAtATime);
  const int finished = sqlite3_backup_finish(backup);  // leaves the error in the target's connection
  if (code == SQLITE_DONE && finished == SQLITE_OK) return absl::OkStatus();
  return absl::Status(CodeOf(code), absl::StrCat("cannot copy: ", sqlite3_errstr(code)));
}

bool Connection::InTransaction() const { return sqlite3_get_autocommit(handle_) == 0; }

int64_t Connection::Changes() const { return sqlite3_changes64(handle_); }

}  // namespace plasa::store
