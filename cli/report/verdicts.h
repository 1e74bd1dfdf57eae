// The answers to a sweep's contrasts.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "absl/status/statusor.h"
#include "analysis/verdict.h"
#include "cli/output/view.h"
#include "plasa/v1/model.pb.h"

namespace plasa::cli {

// Judges the contrasts that the sweep file lists, as one family; empty where it lists none or names a set. An
// unreadable contrast is an error.
[[nodiscard]] absl::StatusOr<std::vector<analysis::Verdict>> VerdictsOf(const plasa::v1::Sweep& sweep,
                                                                        const analysis::Comparison& comparison);

// {"v": 1, "verdicts": [...]}: each with its effect (mean of a - b with its 95 % interval), p, p_adjusted, detectable
// effect, deltas by growing seed, and the words.
[[nodiscard]] boost::json::object VerdictsJson(const std::vector<analysis::Verdict>& verdicts);

// The same for people, a row a verdict.
[[nodiscard]] Table VerdictTable(const std::vector<analysis::Verdict>& verdicts);

}  // namespace plasa::cli
