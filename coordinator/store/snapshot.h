// One moment of the database, seen by one connection.
#pragma once

#include "absl/status/status.h"
#include "coordinator/store/sqlite.h"

namespace plasa::store {

// All reads of the connection see the moment of the first one, for as long as this lives. Writers go on meanwhile.
class Snapshot {
 public:
  explicit Snapshot(const Connection& connection) : connection_(connection), begun_(connection.Execute("BEGIN")) {}
  ~Snapshot() {
    if (begun_.ok()) connection_.Execute("COMMIT").IgnoreError();
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  [[nodiscard]] const absl::Status& begun() const { return begun_; }

 private:
  const Connection& connection_;
  const absl::Status begun_;
};

}  // namespace plasa::store
