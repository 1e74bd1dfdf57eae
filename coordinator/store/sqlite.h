// A thin cover over SQLite: a connection and a statement that free themselves, and errors as statuses. Nothing outside
// coordinator/store sees it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct sqlite3;
struct sqlite3_stmt;

namespace plasa::store {

// A prepared statement; used again and again by one thread. Columns and parameters are addressed from left to right.
class Statement {
 public:
  Statement(sqlite3* connection, sqlite3_stmt* statement) : connection_(connection), statement_(statement) {}
  Statement(Statement&& other) noexcept;
  ~Statement();

  // Forgets the last run and its parameters, and starts to bind from the left again.
  Statement& Reset();
  Statement& Bind(int64_t value);
  Statement& Bind(double value);  // NaN is stored as NULL by SQLite: bind BindReal for a value that may be one
  Statement& Bind(absl::string_view text);
  Statement& BindReal(double value);  // any double, as the 8 bytes of its pattern
  Statement& BindBlob(absl::string_view bytes);
  Statement& BindNull();

  // True: a row is there to be read. False: the statement is done.
  [[nodiscard]] absl::StatusOr<bool> Step();
  // Runs a statement that gives no rows.
  [[nodiscard]] absl::Status Run();

  [[nodiscard]] int64_t Int(int column) const;
  [[nodiscard]] uint64_t Unsigned(int column) const { return static_cast<uint64_t>(Int(column)); }
  [[nodiscard]] double Double(int column) const;
  [[nodiscard]] double Real(int column) const;       // what BindReal stored
  [[nodiscard]] std::string Text(int column) const;  // text and blobs alike
  [[nodiscard]] bool IsNull(int column) const;

 private:
  sqlite3* connection_;
  sqlite3_stmt* statement_;
  int next_ = 1;
  int failure_ = 0;  // the first bind that failed
};

// One connection, used by one thread at a time.
class Connection {
 public:
  // Opens or makes the file for the one writer.
  [[nodiscard]] static absl::StatusOr<Connection> OpenWriter(const std::string& path);
  // Opens an existing file for reading. Never writes, never checkpoints.
  [[nodiscard]] static absl::StatusOr<Connection> OpenReader(const std::string& path);

  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  [[nodiscard]] absl::StatusOr<Statement> Prepare(absl::string_view sql) const;
  // Runs any number of statements without parameters.
  [[nodiscard]] absl::Status Execute(const std::string& sql) const;
  // The first column of the first row; NOT_FOUND without a row.
  [[nodiscard]] absl::StatusOr<int64_t> QueryInt(absl::string_view sql) const;
  [[nodiscard]] absl::StatusOr<std::string> QueryText(absl::string_view sql) const;
  // Copies every page to `to`, a few at a time. Within a read transaction the copy is of its moment, and a writer of
  // this database is never in the way and never waits.
  [[nodiscard]] absl::Status CopyPagesTo(const Connection& to) const;
  [[nodiscard]] bool InTransaction() const;
  // Rows changed by the last statement.
  [[nodiscard]] int64_t Changes() const;

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  [[nodiscard]] static absl::StatusOr<Connection> Open(const std::string& path, int flags);

  sqlite3* handle_;
};

// RESOURCE_EXHAUSTED for a full disk, DATA_LOSS for a damaged file, PERMISSION_DENIED, UNAVAILABLE when locked, else
// INTERNAL.
[[nodiscard]] absl::Status SqliteError(sqlite3* connection, absl::string_view doing);

}  // namespace plasa::store
