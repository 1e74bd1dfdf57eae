// From a sweep's questions and trials to its claims: the one place where that happens.
#pragma once

#include <vector>

#include "analysis/claim.h"
#include "analysis/questions.h"
#include "analysis/trial_record.h"

namespace plasa::analysis {

// Answers a sweep's questions from its `own` trials and the `related` ones of the store (GroupsOf says which count).
// A list of contrasts gives a claim a contrast and length; a set those of its table, for each group of the sweep.
[[nodiscard]] Answers AnswersTo(const Questions& questions, const std::vector<TrialRecord>& own,
                                const std::vector<TrialRecord>& related = {});

}  // namespace plasa::analysis
