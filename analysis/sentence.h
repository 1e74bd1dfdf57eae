// Claims and contrasts in words that a paper can quote.
#pragma once

#include <string>

#include "analysis/claim.h"

namespace plasa::analysis {

// A label as people say it: "uniform of the budget of aggressive_middle", "progressive_sparse in the order LME".
[[nodiscard]] std::string SideWords(const std::string& label);

// " nats" where the contrast is one of losses, else nothing.
[[nodiscard]] std::string UnitOf(const Contrast& contrast);

// "aggressive_middle - uniform_sparse in val/loss".
[[nodiscard]] std::string ContrastWords(const Contrast& contrast);

// Title, length and verdict of a claim, then what it rests on: effect, interval of the level 1 - alpha, adjusted p, n.
// Contrasts behind the first are repeated with their effects where `with_others`.
[[nodiscard]] std::string Sentence(const Claim& claim, double alpha, bool with_others = false);

}  // namespace plasa::analysis
