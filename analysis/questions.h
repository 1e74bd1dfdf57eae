// What a sweep asks of its results.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/value.h"
#include "common/experiment/contrast.h"

namespace plasa::analysis {

struct Questions {
  std::string set;                  // name of a set of contrasts, or
  std::vector<Contrast> contrasts;  // a list of them
  std::string metric = "val/loss";
  bool larger_is_better = false;
  double margin = 0.02;
  double alpha = 0.05;         // of each look where there are several
  std::vector<int64_t> looks;  // at how many seeds a sequential sweep is judged, growing; empty: it has no looks

  [[nodiscard]] bool empty() const { return set.empty() && contrasts.empty(); }
};

// Reads `plasa.contrasts`, `plasa.margin`, `plasa.replicate`, `plasa.max_seeds` and the metric of a sweep's canonical
// text. Fails on an unreadable contrast and on a set that there is not.
[[nodiscard]] Result<Questions> QuestionsOf(const Value& spec);

// Which way a metric gets better: as the sweep says of its own, else by its name.
[[nodiscard]] bool LargerIsBetter(const Questions& questions, const std::string& metric);

}  // namespace plasa::analysis
