// The column of a sweep that says which seeds were added, and why no more are.
#pragma once

#include <string>

#include "coordinator/core/model/replication.h"

namespace plasa::store {

// {"added":[{"at","seeds","cells","why"}],"stopped"}; whether it is open is a column of its own.
[[nodiscard]] std::string ReplicationJson(const coordinator::Replication& replication);
[[nodiscard]] coordinator::Replication ReadReplication(const std::string& json, bool open);

}  // namespace plasa::store
