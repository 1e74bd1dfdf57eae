// What early stopping reads: reports of trials, and decisions of rungs.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/core/model/records.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

// The stored points of all attempts of the trial, attempt after attempt and each by step: also those that a later
// attempt repeats.
[[nodiscard]] absl::StatusOr<std::vector<coordinator::MetricReport>> ReadReports(Queries& queries,
                                                                                 const std::string& trial,
                                                                                 const std::string& metric);

// All decisions, those of one sweep in the order of its rungs.
[[nodiscard]] absl::StatusOr<std::vector<coordinator::RungRecord>> ReadRungs(Queries& queries);

}  // namespace plasa::store
