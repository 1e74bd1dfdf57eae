// Trials outside of a sweep that its verdicts may rest on.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

// On one connection, within one transaction of the caller.
class RelatedTrials {
 public:
  explicit RelatedTrials(Queries& queries) : queries_(queries) {}

  // Ids of admitted, valid trials of the same trainer whose configuration differs from one of the sweep's trials in
  // nothing but schedule, window length and seed (PlaceOf), on the same data or on a synthetic task. In queue order.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Of(const std::string& sweep);

  // A figure that changes whenever some trial is admitted, or one no longer is.
  [[nodiscard]] absl::StatusOr<std::pair<int64_t, int64_t>> Version();

 private:
  Queries& queries_;
};

}  // namespace plasa::store
