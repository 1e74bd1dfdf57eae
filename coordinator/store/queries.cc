#include "coordinator/store/queries.h"

#include <utility>

namespace plasa::store {
namespace {

void BindTo(Statement* statement, const Parameter& parameter) {
  struct Binder {
    Statement* statement;
    void operator()(int64_t value) const { statement->Bind(value); }
    void operator()(double value) const { statement->Bind(value); }
    void operator()(absl::string_view value) const { statement->Bind(value); }
    void operator()(Bits value) const { statement->BindReal(value.value); }
    void operator()(Blob value) const { statement->BindBlob(value.bytes); }
  };
  std::visit(Binder{statement}, parameter);
}

}  // namespace

absl::StatusOr<Statement*> Queries::Prepared(const std::string& sql, std::initializer_list<Parameter> parameters) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    absl::StatusOr<Statement> statement = connection_.Prepare(sql);
    if (!statement.ok()) return statement.status();
    found = statements_.emplace(sql, *std::move(statement)).first;
  }
  found->second.Reset();
  for (const Parameter& parameter : parameters) BindTo(&found->second, parameter);
  return &found->second;
}

absl::Status Queries::Each(const std::string& sql, std::initializer_list<Parameter> parameters, Row row) {
  const absl::StatusOr<Statement*> statement = Prepared(sql, parameters);
  if (!statement.ok()) return statement.status();
  for (;;) {
    const absl::StatusOr<bool> more = (*statement)->Step();
    if (!more.ok()) return more.status();
    absl::Status used = *more ? row(**statement) : absl::OkStatus();
    if (*more && used.ok()) continue;
    (*statement)->Reset();
    return used;
  }
}

absl::Status Queries::Run(const std::string& sql, std::initializer_list<Parameter> parameters) {
  const absl::StatusOr<Statement*> statement = Prepared(sql, parameters);
  return statement.ok() ? (*statement)->Run() : statement.status();
}

}  // namespace plasa::store
