// How a claim is decided from its contrasts.
#pragma once

#include <vector>

#include "analysis/claim.h"
#include "analysis/set_judge.h"

namespace plasa::analysis {

// The claim of a row at its lengths (several where it is made jointly), without its sentence: finding, verdict, figures
// of the contrast that decided, contrasts.
[[nodiscard]] Claim DecideClaim(const ClaimRow& row, const std::vector<int64_t>& lengths, SetJudge* judge);

// Takes finding, words and figures of one contrast.
void Rest(const Verdict& verdict, Claim* claim);

}  // namespace plasa::analysis
