// Figures of a set that are no contrast of two cells.
#pragma once

#include <string>

#include "analysis/claim.h"
#include "analysis/set_judge.h"

namespace plasa::analysis {

// (b - x) / (b - a) over the seeds that all three cells have, at the length and metric of the contrast a - b; n = 0
// where they share none.
[[nodiscard]] Estimate RecoveredShare(const SetJudge& judge, const Contrast& contrast, const std::string& x);

// Per seed: largest - smallest value of the sides of `row` at the length `to`, less the same at `from`.
[[nodiscard]] Verdict SpreadGrowth(const Comparison& cells, const Questions& questions, const FamilyRow& row,
                                   int64_t from, int64_t to);

// Decides whether every layer of every counted trial selected as many pairs as its k says, and none in the future.
void CheckSparsity(const Group& group, Claim* claim);

}  // namespace plasa::analysis
