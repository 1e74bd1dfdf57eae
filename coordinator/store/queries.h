// Statements of one connection, prepared once, and run with one call each.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "coordinator/store/sqlite.h"

namespace plasa::store {

// The bits of a double that may be NaN, for columns that say so in migrations.h.
struct Bits {
  double value;
};
// Bytes that are no text.
struct Blob {
  absl::string_view bytes;
};

// A parameter of a statement; text must live until the call returns.
using Parameter = std::variant<int64_t, double, absl::string_view, Bits, Blob>;

[[nodiscard]] inline Parameter Integer(uint64_t value) { return static_cast<int64_t>(value); }

// Owned by one thread, as its connection is.
class Queries {
 public:
  explicit Queries(Connection connection) : connection_(std::move(connection)) {}

  using Row = absl::FunctionRef<absl::Status(const Statement&)>;
  // Calls `row` for each row, until one call fails. `sql` is a literal: its text is the key of the prepared statement.
  [[nodiscard]] absl::Status Each(const std::string& sql, std::initializer_list<Parameter> parameters, Row row);
  // Runs a statement without rows.
  [[nodiscard]] absl::Status Run(const std::string& sql, std::initializer_list<Parameter> parameters = {});
  [[nodiscard]] const Connection& connection() const { return connection_; }
  // Gives the connection up, its statements with it.
  [[nodiscard]] Connection TakeConnection() && {
    statements_.clear();
    return std::move(connection_);
  }

 private:
  [[nodiscard]] absl::StatusOr<Statement*> Prepared(const std::string& sql,
                                                    std::initializer_list<Parameter> parameters);

  Connection connection_;
  std::map<std::string, Statement> statements_;  // after the connection: they go first
};

}  // namespace plasa::store
