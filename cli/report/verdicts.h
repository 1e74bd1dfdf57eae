// The answers to a sweep's questions.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "absl/status/statusor.h"
#include "analysis/answers.h"
#include "cli/output/view.h"
#include "plasa/v1/model.pb.h"

namespace plasa::cli {

// Answers what the sweep asks from its trials and the related ones; empty where it asks nothing. An unreadable contrast
// is an error.
[[nodiscard]] absl::StatusOr<analysis::Answers> AnswersOf(const plasa::v1::Sweep& sweep,
                                                          const std::vector<analysis::TrialRecord>& trials,
                                                          const std::vector<analysis::TrialRecord>& related);

// verdicts.json: docs/http-api.md has its members.
[[nodiscard]] boost::json::object VerdictsJson(const analysis::Answers& answers);

// The claims for people, a row each.
[[nodiscard]] Table ClaimTable(const analysis::Answers& answers);

}  // namespace plasa::cli
