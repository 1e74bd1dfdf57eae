// What pages show of many trials at once beside the trials themselves.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/views.h"

namespace plasa::store {

// All on one connection, within one transaction of the caller.
class OverviewReader {
 public:
  explicit OverviewReader(Queries& queries) : queries_(queries) {}

  // What the results of the succeeded trials of a sweep say of their cost, in grid order.
  [[nodiscard]] absl::StatusOr<std::vector<CostView>> Costs(const std::string& sweep);
  // The newest `limit` happenings, newest first. Ends are looked for among the newest 10,000 attempts.
  [[nodiscard]] absl::StatusOr<std::vector<HappeningView>> Happenings(size_t limit);

 private:
  Queries& queries_;
};

}  // namespace plasa::store
