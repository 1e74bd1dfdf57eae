// The answer to one question about a sweep, in fixed words (spec 14).
#pragma once

#include <string>
#include <vector>

#include "analysis/comparison.h"
#include "common/experiment/contrast.h"

namespace plasa::analysis {

// How a family of contrasts is judged.
struct JudgingRules {
  double margin = 0.02;  // how small a difference is none, in units of the metric
  size_t least_seeds = 8;
  bool larger_is_better = false;
};

// One contrast at one length.
struct Verdict {
  Contrast contrast;           // seq_len is set
  std::vector<double> deltas;  // a - b by growing seed
  Estimate effect;             // their mean with its 95 % interval
  double p = 1, p_adjusted = 1;
  double detectable = 0;  // minimum detectable effect
  std::string words;      // supported | contradicted | equivalent within M | inconclusive (…) | not testable (…)
};

// Judges contrasts as one family, in their order, each at its lengths by growing length. Contrasts on other metrics
// than losses state which way is better by `rules`.
[[nodiscard]] std::vector<Verdict> Judge(const Comparison& comparison, const std::vector<Contrast>& contrasts,
                                         const JudgingRules& rules);

}  // namespace plasa::analysis
